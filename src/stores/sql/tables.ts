import type { Digest } from "../../base/digest.ts";
import type {
  AlertChannelKind,
  AlertCondition,
  AlertContent,
  AlertKind,
  DeliveryState,
} from "../../domain/monitoring/alerts.ts";
import type { Declarations } from "../../domain/automation/declarations.ts";
import type { Language } from "../../domain/engines/language.ts";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { LogLevel } from "../../domain/log-line.ts";
import type { Scope } from "../../domain/permissions.ts";
import type { Webhook, WebhookDelivery } from "../../domain/webhook.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import type { DeployId, PackageOrigin, WorkflowSource } from "../../domain/workflow.ts";
import type { Columns } from "./columns.ts";
import { sql } from "./drizzle.ts";

/**
 * The tables, for the columns of either dialect. Times are milliseconds since the Unix epoch. After a change, `npm run migrations`
 * adds a step to `migrations/` and to `migrations/postgres/`; released steps are never edited.
 */
export function tablesOf(columns: Columns) {
  const workflows = workflowsTable(columns);
  const sources = sourcesTable(columns);
  const versions = versionsTable(columns, { workflows, sources });
  const engines = enginesTable(columns);
  const logs = logsTable(columns);
  const executionEnds = executionEndsTable(columns);
  const executionCounts = executionCountsTable(columns);
  const alertRules = alertRulesTable(columns);
  const alertProgress = alertProgressTable(columns);
  const alertIncidents = alertIncidentsTable(columns);
  const alerts = alertsTable(columns);
  const alertDeliveries = alertDeliveriesTable(columns, { alerts });
  const secrets = secretsTable(columns);
  const workflowSettings = workflowSettingsTable(columns);
  const drafts = draftsTable(columns);
  const packages = packagesTable(columns);
  const webhooks = webhooksTable(columns);
  const workflowPauses = workflowPausesTable(columns);
  const pausedExecutions = pausedExecutionsTable(columns);
  const crashCounts = crashCountsTable(columns);
  const webhookDeliveries = webhookDeliveriesTable(columns);
  const webhookSignatures = webhookSignaturesTable(columns);
  const auditLog = auditLogTable(columns);
  const sessions = sessionsTable(columns);
  const apiKeys = apiKeysTable(columns);
  return {
    workflows,
    sources,
    versions,
    engines,
    logs,
    executionEnds,
    executionCounts,
    alertRules,
    alertProgress,
    alertIncidents,
    alerts,
    alertDeliveries,
    secrets,
    workflowSettings,
    drafts,
    packages,
    webhooks,
    workflowPauses,
    pausedExecutions,
    crashCounts,
    webhookDeliveries,
    webhookSignatures,
    auditLog,
    sessions,
    apiKeys,
  };
}

export type Tables = ReturnType<typeof tablesOf>;

const workflowsTable = ({ table: define, text, integer }: Columns) =>
  define("workflows", {
    id: text("id").primaryKey().$type<WorkflowId>(),
    createdAt: integer("created_at").notNull(),
    /** The counter of version numbers. It never decreases, even if versions are removed. */
    latestVersion: integer("latest_version").notNull(),
    /** A removed workflow is hidden. Its executions still need its versions, and a later deploy restores it. */
    removedAt: integer("removed_at"),
  });

/** Equal sources of several versions are stored once. */
const sourcesTable = ({ table: define, text }: Columns) =>
  define("sources", {
    digest: text("digest").primaryKey().$type<Digest>(),
    /** Canonical JSON of a `WorkflowSource`; `digest` is its SHA-256. */
    source: text("source").notNull(),
  });

const versionsTable = (
  { table: define, text, integer, real, boolean, json, primaryKey, index }: Columns,
  {
    workflows,
    sources,
  }: {
    readonly workflows: ReturnType<typeof workflowsTable>;
    readonly sources: ReturnType<typeof sourcesTable>;
  },
) =>
  define(
    "versions",
    {
      workflowId: text("workflow_id")
        .notNull()
        .references(() => workflows.id)
        .$type<WorkflowId>(),
      version: integer("version").notNull(),
      deployId: text("deploy_id").notNull().unique().$type<DeployId>(),
      sourceDigest: text("source_digest")
        .notNull()
        .references(() => sources.digest)
        .$type<Digest>(),
      imageDigest: text("image_digest").notNull().$type<Digest>(),
      engineDigest: text("engine_digest").notNull().$type<Digest>(),
      bundleDigest: text("bundle_digest").notNull().$type<Digest>(),
      sourceMapDigest: text("source_map_digest").notNull().$type<Digest>(),
      protocolVersion: integer("protocol_version").notNull(),
      language: text("language").notNull().default("javascript").$type<Language>(),
      sourceBytes: integer("source_bytes").notNull(),
      bundleBytes: integer("bundle_bytes").notNull(),
      imageBytes: integer("image_bytes").notNull(),
      imagePages: integer("image_pages").notNull(),
      bundleMs: real("bundle_ms").notNull(),
      evaluateMs: real("evaluate_ms").notNull(),
      imageMs: real("image_ms").notNull(),
      deployedBy: text("deployed_by").notNull(),
      deployedAt: integer("deployed_at").notNull(),
      note: text("note"),
      /** The declarations as JSON. */
      declarations: json("declarations").$type<Declarations>(),
      /** True if the version declares a rate limit that rejects, instead of queuing, what exceeds it. */
      isRejecting: boolean("is_rejecting").notNull().default(false),
    },
    (table) => [
      primaryKey({ columns: [table.workflowId, table.version] }),
      index("versions_by_time").on(table.deployedAt),
      index("versions_by_engine").on(table.engineDigest),
      // Every start of an execution asks whether its workflow has such a version.
      index("versions_rejecting").on(table.workflowId, table.isRejecting),
    ],
  );

/** Engines that were added to the installation, and those that `.wasm` files became. Their files are artifacts. */
const enginesTable = ({ table: define, text, integer, boolean, index, uniqueIndex, isTrue }: Columns) =>
  define(
    "engines",
    {
      digest: text("digest").primaryKey().$type<Digest>(),
      language: text("language").notNull().$type<Language>(),
      languageVersion: text("language_version").notNull(),
      protocolVersion: integer("protocol_version").notNull(),
      /** The length of its module. */
      bytes: integer("bytes").notNull(),
      artifactDigest: text("artifact_digest").notNull().$type<Digest>(),
      fileBytes: integer("file_bytes").notNull(),
      addedAt: integer("added_at").notNull(),
      addedBy: text("added_by").notNull(),
      /** True for the engine that new versions of its language get: one of each language. */
      isCurrent: boolean("is_current").notNull(),
    },
    (table) => [
      uniqueIndex("engines_current").on(table.language).where(isTrue(table.isCurrent)),
      index("engines_by_artifact").on(table.artifactDigest),
    ],
  );

/** The console output of workflows. Lines of executions that Restate no longer has are removed. */
const logsTable = ({ table: define, text, integer, primaryKey }: Columns) =>
  define(
    "logs",
    {
      executionId: text("execution_id").notNull().$type<ExecutionId>(),
      number: integer("number").notNull(),
      level: text("level").notNull().$type<LogLevel>(),
      /** The time by the host's clock. */
      at: integer("at").notNull(),
      /** The logged arguments as JSON. */
      line: text("line").notNull(),
    },
    (table) => [primaryKey({ columns: [table.executionId, table.number] })],
  );

/** Ended executions. Restate has them in full; lists of failures, alerts and figures read these rows. */
const executionEndsTable = ({ table: define, text, integer, autoIncrement, index }: Columns) =>
  define(
    "execution_ends",
    {
      /** Increases in the order in which the rows were stored. */
      sequence: autoIncrement("sequence"),
      executionId: text("execution_id").notNull().unique().$type<ExecutionId>(),
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      /** Null if the execution ended before it had a version. */
      version: integer("version"),
      entryPoint: text("entry_point"),
      outcome: text("outcome").notNull().$type<ExecutionOutcome>(),
      /** Null if unknown, as for a retry from the failed step. */
      startedAt: integer("started_at"),
      endedAt: integer("ended_at").notNull(),
      /** Null if the execution was killed. */
      fuelUsed: integer("fuel_used"),
      failureId: text("failure_id"),
      code: text("code"),
      name: text("name"),
      message: text("message"),
      file: text("file"),
      line: integer("line"),
    },
    (table) => [
      index("execution_ends_by_end").on(table.endedAt),
      index("execution_ends_by_workflow").on(table.workflowId, table.sequence),
      index("execution_ends_failures_by_workflow")
        .on(table.workflowId, table.endedAt)
        .where(sql`failure_id IS NOT NULL`),
      index("execution_ends_by_failure")
        .on(table.failureId, table.endedAt)
        .where(sql`failure_id IS NOT NULL`),
    ],
  );

/**
 * Counts of ended executions for each minute and each hour, from which rates, charts and percentiles are made. They outlive the
 * executions.
 */
const executionCountsTable = ({ table: define, text, integer, primaryKey }: Columns) =>
  define(
    "execution_counts",
    {
      /** The length of the slot. */
      slotMs: integer("slot_ms").notNull(),
      /** The start of the slot, a multiple of its length. */
      at: integer("at").notNull(),
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      outcome: text("outcome").notNull().$type<ExecutionOutcome>(),
      /** The class of the duration; -1 if the duration is unknown. */
      durationClass: integer("duration_class").notNull(),
      count: integer("count").notNull(),
    },
    (table) => [
      primaryKey({
        columns: [table.slotMs, table.at, table.workflowId, table.outcome, table.durationClass],
      }),
    ],
  );

/** Rules about which conditions of workflows people are alerted to. */
const alertRulesTable = ({ table: define, text, integer, boolean, json, bytes }: Columns) =>
  define("alert_rules", {
    id: text("id").primaryKey(),
    name: text("name"),
    /** Null if the rule is about all workflows. */
    workflowId: text("workflow_id").$type<WorkflowId>(),
    isEnabled: boolean("is_enabled").notNull(),
    /** The condition as JSON. */
    condition: json("condition").notNull().$type<AlertCondition>(),
    sendsRecovery: boolean("sends_recovery").notNull(),
    quietMs: integer("quiet_ms").notNull(),
    /** The ID of the master key that `encrypted` uses. */
    keyId: text("key_id").notNull(),
    /** Nonce, AES-256-GCM of the channels as JSON, tag. Their URLs and secrets are credentials. */
    encrypted: bytes("encrypted").notNull(),
    /** The rule is about executions that ended after this row of `execution_ends`. */
    sinceSequence: integer("since_sequence").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  });

/** The row of `execution_ends` up to which the rules were evaluated. */
const alertProgressTable = ({ table: define, integer }: Columns) =>
  define("alert_progress", {
    id: integer("id").primaryKey(),
    sequence: integer("sequence").notNull(),
  });

/** Times during which the condition of a rule was met by a workflow. At most one per rule and workflow is open. */
const alertIncidentsTable = ({ table: define, text, integer, autoIncrement, index, uniqueIndex }: Columns) =>
  define(
    "alert_incidents",
    {
      id: autoIncrement("id"),
      ruleId: text("rule_id").notNull(),
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      openedAt: integer("opened_at").notNull(),
      closedAt: integer("closed_at"),
      /** The number of failures, or of the executions that meet the condition now. */
      count: integer("count").notNull(),
      lastAt: integer("last_at").notNull(),
      summary: text("summary").notNull(),
      executionId: text("execution_id").$type<ExecutionId>(),
      failureId: text("failure_id"),
      /** When the alert about the opening was created; null while the rule is quiet. */
      alertedAt: integer("alerted_at"),
    },
    (table) => [
      uniqueIndex("alert_incidents_open")
        .on(table.ruleId, table.workflowId)
        .where(sql`closed_at IS NULL`),
      index("alert_incidents_by_alert").on(table.ruleId, table.workflowId, table.alertedAt),
    ],
  );

/** Alerts that were or will be sent. Each is about one or several incidents of one rule. */
const alertsTable = ({ table: define, text, integer, json, autoIncrement, index }: Columns) =>
  define(
    "alerts",
    {
      sequence: autoIncrement("sequence"),
      /** A UUID, which receivers recognize repeated deliveries by. */
      id: text("id").notNull().unique(),
      ruleId: text("rule_id").notNull(),
      /** The workflow of the rule, if it is about one. */
      workflowId: text("workflow_id").$type<WorkflowId>(),
      kind: text("kind").notNull().$type<AlertKind>(),
      createdAt: integer("created_at").notNull(),
      /** Null while further incidents may join the alert. */
      sealedAt: integer("sealed_at"),
      /** The message as JSON. */
      content: json("content").notNull().$type<AlertContent>(),
    },
    (table) => [
      index("alerts_by_rule").on(table.ruleId, table.kind, table.createdAt),
      index("alerts_by_time").on(table.createdAt),
    ],
  );

/** The outbox: one row for each channel of each alert. */
const alertDeliveriesTable = (
  { table: define, text, integer, autoIncrement, index }: Columns,
  { alerts }: { readonly alerts: ReturnType<typeof alertsTable> },
) =>
  define(
    "alert_deliveries",
    {
      id: autoIncrement("id"),
      alertId: text("alert_id")
        .notNull()
        .references(() => alerts.id, { onDelete: "cascade" }),
      /** The channel of the rule. */
      channelId: text("channel_id").notNull(),
      channel: text("channel").notNull().$type<AlertChannelKind>(),
      /** The destination without its secrets. */
      target: text("target").notNull(),
      state: text("state").notNull().$type<DeliveryState>(),
      attempts: integer("attempts").notNull(),
      /** Null once the delivery has ended. */
      nextAttemptAt: integer("next_attempt_at"),
      /** The process that attempts the delivery. */
      claimedBy: text("claimed_by"),
      deliveredAt: integer("delivered_at"),
      error: text("error"),
      /** The execution that a workflow channel started. */
      executionId: text("execution_id").$type<ExecutionId>(),
    },
    (table) => [
      index("alert_deliveries_by_alert").on(table.alertId),
      index("alert_deliveries_due")
        .on(table.nextAttemptAt)
        .where(sql`next_attempt_at IS NOT NULL`),
    ],
  );

/** Secrets of workflows. They may exist before the first deploy. */
const secretsTable = ({ table: define, text, integer, json, bytes, primaryKey }: Columns) =>
  define(
    "secrets",
    {
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      name: text("name").notNull(),
      /** The allowed hosts as JSON. */
      hosts: json("hosts").notNull().$type<readonly string[]>(),
      /** The ID of the master key that `encrypted` uses. */
      keyId: text("key_id").notNull(),
      /** Nonce, AES-256-GCM of the value, tag. */
      encrypted: bytes("encrypted").notNull(),
      updatedAt: integer("updated_at").notNull(),
    },
    (table) => [primaryKey({ columns: [table.workflowId, table.name] })],
  );

/** Settings of workflows, independent of the version. They may exist before the first deploy. */
const workflowSettingsTable = ({ table: define, text, integer, json }: Columns) =>
  define("workflow_settings", {
    workflowId: text("workflow_id").primaryKey().$type<WorkflowId>(),
    /** The settings as JSON. */
    settings: json("settings").notNull().$type<WorkflowSettings>(),
    updatedAt: integer("updated_at").notNull(),
  });

/** Sources that were saved in the editor and not deployed. They may exist before the first deploy. */
const draftsTable = ({ table: define, text, integer, json }: Columns) =>
  define("drafts", {
    workflowId: text("workflow_id").primaryKey().$type<WorkflowId>(),
    /** The source as JSON. */
    source: json("source").notNull().$type<WorkflowSource>(),
    /** A new value for each save. */
    revision: text("revision").notNull(),
    updatedAt: integer("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  });

/** Packages that were added to sources. Their files are artifacts. */
const packagesTable = ({ table: define, text, integer, boolean, json, index }: Columns) =>
  define(
    "packages",
    {
      digest: text("digest").primaryKey().$type<Digest>(),
      name: text("name").notNull(),
      version: text("version").notNull(),
      origin: text("origin").notNull().$type<PackageOrigin>(),
      /** The digest of the tarball, with which a registry states what it delivers. */
      integrity: text("integrity"),
      /** What its manifest says that others need to know: its dependencies. */
      manifest: json("manifest").notNull().$type<StoredManifest>(),
      files: integer("files").notNull(),
      bytes: integer("bytes").notNull(),
      addedAt: integer("added_at").notNull(),
      /** The last time that a source was resolved or deployed with it. */
      usedAt: integer("used_at").notNull(),
      /** True once a version was deployed with it: it is retained like the versions. */
      isDeployed: boolean("is_deployed").notNull(),
    },
    (table) => [index("packages_by_integrity").on(table.integrity)],
  );

/** As `Manifest` of the room that resolves packages. */
export interface StoredManifest {
  readonly required: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
  readonly isNative: boolean;
}

/** Secret URLs that execute workflows. */
const webhooksTable = ({ table: define, text, integer, bytes, index }: Columns) =>
  define(
    "webhooks",
    {
      id: text("id").primaryKey(),
      name: text("name"),
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      entryPoint: text("entry_point"),
      scheme: text("scheme").notNull().$type<Webhook["scheme"]>(),
      payload: text("payload").notNull().$type<Webhook["payload"]>(),
      /** SHA-256 of the token. The token itself is not stored. */
      tokenHash: text("token_hash").notNull().unique().$type<Digest>(),
      /** The ID of the master key that `encrypted` uses. */
      keyId: text("key_id"),
      /** Nonce, AES-256-GCM of the signing secret, tag. */
      encrypted: bytes("encrypted"),
      createdAt: integer("created_at").notNull(),
    },
    (table) => [index("webhooks_by_workflow").on(table.workflowId)],
  );

/** The workflows that an operator has paused. */
const workflowPausesTable = ({ table: define, text, integer, boolean }: Columns) =>
  define("workflow_pauses", {
    workflowId: text("workflow_id").primaryKey().$type<WorkflowId>(),
    at: integer("at").notNull(),
    by: text("by").notNull(),
    note: text("note"),
    running: boolean("running").notNull(),
  });

/** The executions that the pause of their workflow has paused, and those that run although it is paused. */
const pausedExecutionsTable = ({ table: define, text, boolean, index }: Columns) =>
  define(
    "paused_executions",
    {
      executionId: text("execution_id").primaryKey().$type<ExecutionId>(),
      workflowId: text("workflow_id").notNull().$type<WorkflowId>(),
      /** True if an operator has resumed or cancelled this execution alone. */
      exempt: boolean("exempt").notNull(),
    },
    (table) => [index("paused_executions_by_workflow").on(table.workflowId)],
  );

/** Executions and deploys that crashed their executor. */
const crashCountsTable = ({ table: define, text, integer, real }: Columns) =>
  define("crash_counts", {
    executionId: text("execution_id").primaryKey().$type<ExecutionId>(),
    /** The turn in which they crashed it last. */
    turn: integer("turn").notNull(),
    /** The consecutive crashes in this turn. */
    crashes: real("crashes").notNull(),
    crashedAt: integer("crashed_at").notNull(),
  });

/** The latest requests to each webhook. */
const webhookDeliveriesTable = ({ table: define, text, integer, autoIncrement, index }: Columns) =>
  define(
    "webhook_deliveries",
    {
      id: autoIncrement("id"),
      webhookId: text("webhook_id").notNull(),
      at: integer("at").notNull(),
      outcome: text("outcome").notNull().$type<WebhookDelivery["outcome"]>(),
      status: integer("status").notNull(),
      code: text("code"),
      executionId: text("execution_id").$type<ExecutionId>(),
      bytes: integer("bytes").notNull(),
    },
    (table) => [index("webhook_deliveries_by_webhook").on(table.webhookId, table.id)],
  );

/**
 * The first time that each signature was received, for signatures that cover neither an ID nor a time. Rows are removed
 * when repeated signatures are no longer recognised.
 */
const webhookSignaturesTable = ({ table: define, text, integer, index }: Columns) =>
  define(
    "webhook_signatures",
    {
      /** SHA-256 of the webhook's ID and the signature. */
      digest: text("digest").primaryKey().$type<Digest>(),
      /** Milliseconds since the Unix epoch. */
      seenAt: integer("seen_at").notNull(),
    },
    (table) => [index("webhook_signatures_by_time").on(table.seenAt)],
  );

/** Changes and denied attempts. Entries have the names of keys at that time, because keys can be deleted. */
const auditLogTable = ({ table: define, text, integer, autoIncrement, index }: Columns) =>
  define(
    "audit_log",
    {
      id: autoIncrement("id"),
      at: integer("at").notNull(),
      actorId: text("actor_id").notNull(),
      actor: text("actor").notNull(),
      action: text("action").notNull(),
      subject: text("subject").notNull(),
      /** The workflow of the request, or of the execution that it was about, if any. */
      workflowId: text("workflow_id").$type<WorkflowId>(),
      address: text("address").notNull(),
      status: integer("status").notNull(),
    },
    (table) => [
      index("audit_log_by_actor").on(table.actor, table.id),
      index("audit_log_by_action").on(table.action, table.id),
      index("audit_log_by_workflow").on(table.workflowId, table.id),
    ],
  );

/** Sessions of the web UI. Each is opened with an API key and has its permissions. */
const sessionsTable = ({ table: define, text, integer, index }: Columns) =>
  define(
    "sessions",
    {
      /** SHA-256 of the token. The token itself is not stored. */
      tokenHash: text("token_hash").primaryKey().$type<Digest>(),
      /** Hash of the key. A key that replaces another one, as root keys do, does not take over its sessions. */
      keyHash: text("key_hash").notNull().$type<Digest>(),
      createdAt: integer("created_at").notNull(),
      lastUsedAt: integer("last_used_at").notNull(),
      expiresAt: integer("expires_at").notNull(),
    },
    (table) => [index("sessions_by_key").on(table.keyHash, table.lastUsedAt)],
  );

const apiKeysTable = ({ table: define, text, integer, json, index }: Columns) =>
  define(
    "api_keys",
    {
      id: text("id").primaryKey(),
      name: text("name").notNull(),
      prefix: text("prefix").notNull(),
      /** SHA-256 of the key. The key itself is not stored. */
      hash: text("hash").notNull().unique().$type<Digest>(),
      /** The scopes of the key as JSON. */
      scopes: json("scopes").notNull().$type<readonly Scope[]>(),
      /** The only workflows that the key may access, as JSON. */
      workflows: json("workflows").$type<readonly WorkflowId[]>(),
      expiresAt: integer("expires_at"),
      createdAt: integer("created_at").notNull(),
      lastUsedAt: integer("last_used_at"),
      revokedAt: integer("revoked_at"),
    },
    (table) => [index("api_keys_by_creation").on(table.createdAt, table.id)],
  );
