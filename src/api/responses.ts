import type { Draft, DraftFacts } from "../domain/draft.ts";
import type {
  AttemptFailure,
  EndedExecution,
  ExecutionDetail,
  ExecutionSummary,
  OpenCallback,
  RequestRecord,
  Step,
} from "../domain/execution.ts";
import type { Hook } from "../domain/hook.ts";
import type { LogLine } from "../domain/log-line.ts";
import type { Version } from "../domain/workflow.ts";
import type { ApiKeyBody } from "./schemas/api-key.ts";
import type { AuditEntryBody } from "./schemas/audit.ts";
import type { DraftBody, DraftFactsBody } from "./schemas/draft.ts";
import type {
  EndedExecutionBody,
  ExecutionBody,
  ExecutionSummaryBody,
  RetriedBody,
  StepBody,
} from "./schemas/execution.ts";
import type { HookBody } from "./schemas/hook.ts";
import type { LogLineBody } from "./schemas/log.ts";
import type { SecretBody } from "./schemas/secret.ts";
import type { SessionBody } from "./schemas/session.ts";
import type { VersionBody } from "./schemas/version.ts";
import type { WorkflowBody } from "./schemas/workflow.ts";
import type {
  ApiKeyView,
  AuditEntry,
  Page,
  RecentExecution,
  Retried,
  SecretView,
  Session,
  VersionView,
  WorkflowView,
} from "./services.ts";

/**
 * What the services know, as the API tells it: times as ISO 8601, and each member by its name, so that
 * nothing is told only because it was there.
 */

export function pageBody<T, Body>(
  page: Page<T>,
  body: (item: T) => Body,
): { items: Body[]; cursor?: string } {
  const items = page.items.map(body);
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
}

export function workflowBody(workflow: WorkflowView): WorkflowBody {
  return {
    workflowId: workflow.workflowId,
    ...optional("currentVersion", workflow.currentVersion),
    latestVersion: workflow.latestVersion,
    createdAt: isoTime(workflow.createdAt),
    ...optional("recent", workflow.recent?.map(recentBody)),
  };
}

function recentBody({ executionId, status, createdAt }: RecentExecution) {
  return { executionId, status, createdAt: isoTime(createdAt) };
}

/** What is told of a version wherever one is told of. */
export function versionFacts(version: Version): Omit<VersionBody, "current"> {
  return {
    workflowId: version.workflowId,
    version: version.version,
    digest: version.sourceDigest,
    imageDigest: version.imageDigest,
    engineDigest: version.engineDigest,
    bundleDigest: version.bundleDigest,
    protocolVersion: version.protocolVersion,
    sizes: version.sizes,
    timings: version.timings,
    deployedBy: version.deployedBy,
    deployedAt: isoTime(version.deployedAt),
    ...optional("note", version.note),
  };
}

export function versionBody(version: VersionView): VersionBody {
  return { ...versionFacts(version), current: version.current };
}

function executionSummaryBody(execution: ExecutionSummary): ExecutionSummaryBody {
  return {
    executionId: execution.executionId,
    workflowId: execution.workflowId,
    ...optional("version", execution.version),
    ...optional("entryPoint", execution.entryPoint),
    status: execution.status,
    createdAt: isoTime(execution.createdAt),
    modifiedAt: isoTime(execution.modifiedAt),
    ...optionalTime("completedAt", execution.completedAt),
  };
}

/** An execution in a list, with its error in short. */
export function listedExecutionBody(execution: ExecutionSummary): ExecutionSummaryBody {
  const { failure } = execution;
  return {
    ...executionSummaryBody(execution),
    ...optional("failure", failure && { name: failure.name, message: failure.message }),
  };
}

/** What a caller who waited gets: how it ended, without the way there. */
export function endedExecutionBody(execution: EndedExecution): EndedExecutionBody {
  return {
    ...executionSummaryBody(execution),
    ...optional("result", execution.result),
    ...optional("failure", execution.failure),
  };
}

export function executionBody(execution: ExecutionDetail): ExecutionBody {
  return {
    ...endedExecutionBody(execution),
    ...optional("caller", execution.caller),
    ...optional("parent", execution.parent),
    children: [...execution.children],
    ...optional("restartedFrom", execution.restartedFrom),
    retriedAs: [...execution.retriedAs],
    input: execution.input,
    ...optional("lastFailure", attemptFailureBody(execution.lastFailure)),
    waitingFor: [...execution.waitingFor],
    attempts: execution.attempts,
    ...optional("fuelUsed", execution.fuelUsed),
    steps: execution.steps.map(stepBody),
  };
}

export function openCallbackBody({ createdAt, ...callback }: OpenCallback) {
  return { ...callback, ...optionalTime("createdAt", createdAt) };
}

export function retriedBody(retried: Retried): RetriedBody {
  const { executionId } = retried;
  if ("retriedAs" in retried) return { executionId, retriedAs: retried.retriedAs };
  return { executionId, refused: { code: retried.refusal.code, detail: retried.refusal.message } };
}

export function apiKeyBody(apiKey: ApiKeyView): ApiKeyBody {
  return {
    id: apiKey.id,
    name: apiKey.name,
    prefix: apiKey.prefix,
    scopes: [...apiKey.scopes],
    ...optional("workflows", apiKey.workflows === undefined ? undefined : [...apiKey.workflows]),
    ...optionalTime("expiresAt", apiKey.expiresAt),
    createdAt: isoTime(apiKey.createdAt),
    ...optionalTime("lastUsedAt", apiKey.lastUsedAt),
  };
}

export function sessionBody({
  apiKey,
  expiresAt,
}: Pick<Session, "apiKey"> & { readonly expiresAt: number | undefined }): SessionBody {
  return {
    keyId: apiKey.id,
    name: apiKey.name,
    scopes: [...apiKey.scopes],
    ...optional("workflows", apiKey.workflows === undefined ? undefined : [...apiKey.workflows]),
    ...optionalTime("expiresAt", expiresAt),
  };
}

export function auditEntryBody({ at, ...entry }: AuditEntry): AuditEntryBody {
  return { ...entry, at: isoTime(at) };
}

export function secretBody({ name, hosts, updatedAt }: SecretView): SecretBody {
  return { name, hosts: [...hosts], updatedAt: isoTime(updatedAt) };
}

export function hookBody({ id, workflowId, entryPoint, scheme, payload, createdAt }: Hook): HookBody {
  return {
    id,
    workflowId,
    ...optional("entryPoint", entryPoint),
    scheme,
    payload,
    createdAt: isoTime(createdAt),
  };
}

export function draftFactsBody({ workflowId, updatedAt, updatedBy }: DraftFacts): DraftFactsBody {
  return { workflowId, updatedAt: isoTime(updatedAt), updatedBy };
}

export function draftBody(draft: Draft): DraftBody {
  const { files, entry, dependencies } = draft.source;
  return {
    ...draftFactsBody(draft),
    files: { ...files },
    entry,
    ...optional("dependencies", dependencies === undefined ? undefined : { ...dependencies }),
  };
}

export function logLineBody({ number, level, at, line }: LogLine): LogLineBody {
  return { number, level, time: isoTime(at), arguments: [...line] };
}

function attemptFailureBody(failure: AttemptFailure | undefined): ExecutionBody["lastFailure"] {
  if (failure === undefined) return undefined;
  const { nextAttemptAt, ...told } = failure;
  return { ...told, ...optionalTime("nextAttemptAt", nextAttemptAt) };
}

export function stepBody(step: Step): StepBody {
  return {
    index: step.index,
    operation: step.operation,
    name: step.name,
    ...optionalTime("startedAt", step.startedAt),
    ...optionalTime("endedAt", step.endedAt),
    outcome: step.outcome,
    ...optional("kept", step.kept),
    ...optional("attempts", step.attempts),
    ...optional("attemptLog", step.attemptLog && [...step.attemptLog]),
    ...optional("request", requestBody(step.request)),
    ...optionalTime("wakesAt", step.wakesAt),
    ...optional("child", step.child),
    ...optional("httpStatus", step.httpStatus),
    ...optional("resultBytes", step.resultBytes),
    ...optional("result", step.result),
    ...optional("error", step.error),
  };
}

function requestBody(request: RequestRecord | undefined): StepBody["request"] {
  return request && { ...request, headers: request.headers.map(([name, value]) => [name, value]) };
}

function optionalTime<Name extends string>(name: Name, time: number | undefined): { [key in Name]?: string } {
  return optional(name, time === undefined ? undefined : isoTime(time));
}

/** `{name: value}`, or nothing to spread where there is no value. */
function optional<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: T });
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
