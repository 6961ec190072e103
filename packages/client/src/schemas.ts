import type { components } from "./openapi.ts";

/** Everything that the API's document gives a name, by that name. */
export type Schemas = components["schemas"];

export type Alert = Schemas["Alert"];
export type AlertDelivery = Schemas["AlertDelivery"];
export type AlertIncident = Schemas["AlertIncident"];
export type AlertRule = Schemas["AlertRule"];
export type ApiKey = Schemas["ApiKey"];
export type AuditEntry = Schemas["AuditEntry"];
export type CreatedApiKey = Schemas["CreatedApiKey"];
export type DeployedVersion = Schemas["DeployedVersion"];
export type Diagnostic = Schemas["Diagnostic"];
export type EndedExecution = Schemas["EndedExecution"];
export type Execution = Schemas["Execution"];
export type ExecutionStatus = Schemas["ExecutionStatus"];
export type ExecutionSummary = Schemas["ExecutionSummary"];
export type ExecutorReport = Schemas["Executor"];
export type Failure = Schemas["Failure"];
export type FailureGroup = Schemas["FailureGroup"];
export type FieldError = Schemas["FieldError"];
export type Webhook = Schemas["Webhook"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export type InstalledEngine = Schemas["InstalledEngine"];
export type LockedPackage = Schemas["LockedPackage"];
export type FoundPackages = Schemas["FoundPackages"];
export type StoredPackage = Schemas["StoredPackage"];
export type LogLine = Schemas["LogLine"];
/** An error document of the API (RFC 9457). */
export type Problem = Schemas["Problem"];
export type Overview = Schemas["Overview"];
export type Schedule = Schemas["Schedule"];
export type SetSchedule = Schemas["SetSchedule"];
export type Secret = Schemas["Secret"];
export type StartedExecution = Schemas["StartedExecution"];
export type Step = Schemas["Step"];
export type Version = Schemas["Version"];
export type VersionWithSource = Schemas["VersionWithSource"];
export type Workflow = Schemas["Workflow"];
export type Queue = Schemas["Queue"];
export type QueueDetail = Schemas["QueueDetail"];
export type QueuePosition = Schemas["QueuePosition"];
export type SharedLimit = Schemas["SharedLimit"];
export type WorkflowSettings = Schemas["WorkflowSettings"];
export type Recording = Schemas["Recording"];
export type ReplayCheck = Schemas["ReplayCheck"];
