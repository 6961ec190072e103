import type { ForkRequest } from "./fork.ts";
import type { JsonText, JsonValue } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import type { OverlapPolicy, ScheduleOptions, ScheduleSpec } from "../../domain/automation/schedule.ts";
import type { AuditFilter } from "../../domain/audit-filter.ts";
import type { Draft, DraftFacts, ExpectedDraft, SavedDraft } from "../../domain/draft.ts";
import type { DuraniumError } from "../../domain/errors.ts";
import type { Caller, ExecutionStatus, PayloadFilter } from "../../domain/execution.ts";
import type { SharedLimit } from "../../domain/automation/flow-settings.ts";
import type { ExecutionId, QueueId, WorkflowId } from "../../domain/ids.ts";
import type { LogLevel, LogLine } from "../../domain/log-line.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { Webhook, WebhookDelivery } from "../../domain/webhook.ts";
import type { WorkflowPause } from "../../domain/flow/workflow-pause.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import type { Recording } from "../../recordings/recording.ts";
import type { ApiKeyView, CreatedApiKey } from "./api-key.ts";
import type { AuditEntry } from "./audit-entry.ts";
import type { EndedExecution, ExecutionDetail, ExecutionSummary, OpenCallback, Step } from "./execution.ts";
import type { BackfillResult, SchedulePreview, ScheduleView } from "./schedule.ts";
import type { QueueDetail, QueueView, SharedLimitView } from "./queue.ts";
import type { SecretView } from "./secret.ts";
import type { DeployedVersion, VersionView, VersionWithSource, WorkflowView } from "./workflow.ts";

/**
 * The services that the API needs from the layers below it. Every method rejects with a `DuraniumError` of the
 * catalogue.
 */

/** Deploys, versions, and the current version of each workflow. */
export interface WorkflowService {
  deploy(request: {
    readonly workflowId: WorkflowId;
    readonly source: WorkflowSource;
    readonly note?: string | undefined;
    readonly deployedBy: string;
    /** True if the key is bound to the workflow, and therefore belongs to the owner of its name. */
    readonly isWorkflowBound: boolean;
    /** True to deploy without the replay check that the settings may require. */
    readonly skipsReplayCheck?: boolean;
  }): Promise<DeployedVersion>;
  activate(workflowId: WorkflowId, version: number): Promise<VersionView>;
  /** Replaces the note of a version; `undefined` removes it. */
  setNote(workflowId: WorkflowId, version: number, note: string | undefined): Promise<VersionView>;
  remove(workflowId: WorkflowId): Promise<void>;
  /** Holds new executions back, and pauses started ones at their next step if `running` is true. */
  pause(workflowId: WorkflowId, pause: Omit<WorkflowPause, "at">): Promise<WorkflowView>;
  /** Ends a pause. Does nothing if the workflow is not paused. */
  resume(workflowId: WorkflowId): Promise<WorkflowView>;
  get(workflowId: WorkflowId): Promise<WorkflowView>;
  /**
   * @param page `recent`: the number of executions to include per workflow
   * @param only if given, restricts the list to these workflows
   */
  list(
    page: PageRequest<WorkflowId> & { readonly recent?: number },
    only?: readonly WorkflowId[],
  ): Promise<Page<WorkflowView, WorkflowId>>;
  version(workflowId: WorkflowId, version: number): Promise<VersionWithSource>;
  versions(workflowId: WorkflowId, page: PageRequest<number>): Promise<Page<VersionView, number>>;
  /**
   * The portable component of a version, built on the first request, which takes seconds. `signal` aborts when the
   * caller disconnects.
   */
  portableComponent(workflowId: WorkflowId, version: number, signal: AbortSignal): Promise<Uint8Array>;
}

export interface ExecuteRequest {
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly payload: JsonText;
  readonly idempotencyKey?: string;
  /** When it starts, in milliseconds since the Unix epoch; now by default. */
  readonly startAt?: number;
  /** The key alone identifies the request, because a sender may encode a repeated delivery differently. */
  readonly isSameByKey?: true;
  /** Tags by which lists are filtered. */
  readonly tags?: readonly string[];
  /** The API key that sends the request. */
  readonly caller: Caller;
}

/** An execution that Restate accepted. */
export interface SentExecution {
  readonly executionId: ExecutionId;
  /** True if the idempotency key was already used, so no execution was started. */
  readonly replayed: boolean;
  /** Milliseconds since the Unix epoch; absent if the execution was started earlier. */
  readonly createdAt?: number;
}

export interface RetryRequest {
  /** `failed-step` reuses the steps that succeeded, and therefore the version. */
  readonly from: "start" | "failed-step";
  readonly version: "same" | "current";
}

export interface ExecutionFilter {
  readonly workflowId?: WorkflowId | undefined;
  /** Includes only executions of these workflows. */
  readonly workflowIds?: readonly WorkflowId[] | undefined;
  /** Includes only executions of workflows whose name contains this text, which consists of `a-z`, `0-9` and `-`. */
  readonly workflowContains?: string | undefined;
  /** Includes only these executions. */
  readonly executionIds?: readonly ExecutionId[] | undefined;
  /** Includes only executions that have been retried, or only those that have not. */
  readonly isRetried?: boolean | undefined;
  readonly status?: ExecutionStatus | undefined;
  /** Only executions that have started have a version. Entry points can be filtered for these only, too. */
  readonly version?: number | undefined;
  readonly entryPoint?: string | undefined;
  /** Milliseconds since the Unix epoch, inclusive. */
  readonly createdAfter?: number | undefined;
  /** Milliseconds since the Unix epoch, exclusive. */
  readonly createdBefore?: number | undefined;
  /** Includes only executions with all of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Includes only executions whose ID starts with this text, or whose error contains it. */
  readonly search?: string | undefined;
  readonly payload?: PayloadFilter | undefined;
}

/** An action on many executions. */
export type BulkAction = "cancel" | "pause" | "resume" | "purge";

/** The outcome for one execution of a bulk action. */
export interface BulkOutcome {
  readonly executionId: ExecutionId;
  /** Why the action was refused. */
  readonly refusal?: DuraniumError;
}

/** A place in the list of executions. */
export type ExecutionPosition = readonly [createdAt: number, executionId: ExecutionId];

/** The outcome for one execution of a bulk retry. */
export type RetryOutcome = {
  /** The ended execution. */
  readonly executionId: ExecutionId;
} & ({ readonly retryExecutionId: ExecutionId } | { readonly refusal: DuraniumError });

/** The outcome for one execution of a bulk fork. A dry run that would succeed has neither member. */
export type ForkOutcome = {
  readonly executionId: ExecutionId;
} & ({ readonly forkExecutionId?: ExecutionId } | { readonly refusal: DuraniumError });

/** Starts, watches and operates executions. */
export interface ExecutionService {
  /**
   * Passes the execution to Restate. When this resolves, it will run even if any process dies.
   *
   * @param signal of the caller: if it aborts while a large payload waits for its rate, nothing is started
   */
  execute(request: ExecuteRequest, signal?: AbortSignal): Promise<SentExecution>;
  /**
   * Waits until the execution has ended. Resolves to `undefined` if the timeout expires or `signal` aborts first. The
   * result equals that of `get`, except for the times, which are measured by the waiting process.
   */
  wait(
    sent: SentExecution,
    request: Pick<ExecuteRequest, "workflowId" | "entryPoint">,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<EndedExecution | undefined>;
  /**
   * Changes the time at which a scheduled execution starts. An execution that a workflow sent gets another ID, and the former
   * ID refers to it in all methods of this service.
   */
  reschedule(executionId: ExecutionId, startAt: number): Promise<{ readonly executionId: ExecutionId }>;
  get(executionId: ExecutionId): Promise<ExecutionDetail>;
  /** One step with its result, which may be too large for `get`, up to a limit. */
  step(executionId: ExecutionId, index: number): Promise<Step>;
  /** What the execution received, in progress or ended. */
  recording(executionId: ExecutionId): Promise<Recording>;
  /** The callbacks that the execution waits for. Any client that has a URL can complete its callback. */
  callbacks(executionId: ExecutionId): Promise<readonly OpenCallback[]>;
  statusOf(executionId: ExecutionId): Promise<ExecutionStatus>;
  /** The workflow of an execution. */
  workflowOf(executionId: ExecutionId): Promise<WorkflowId>;
  list(
    filter: ExecutionFilter,
    page: PageRequest<ExecutionPosition>,
  ): Promise<Page<ExecutionSummary, ExecutionPosition>>;
  /** `isExact` is false if there may be more: a field of the payload is compared in the newest executions only. */
  count(filter: ExecutionFilter): Promise<{ readonly count: number; readonly isExact: boolean }>;
  /** Operates one page of the list. Executions that the action is not about are left out. */
  operateAll(
    action: BulkAction,
    filter: ExecutionFilter,
    page: PageRequest<ExecutionPosition>,
  ): Promise<Page<BulkOutcome, ExecutionPosition>>;
  cancel(executionId: ExecutionId): Promise<void>;
  /** Sends an event. The execution receives it when it waits for an event of this name, now or later. */
  sendEvent(executionId: ExecutionId, name: string, payload: JsonValue): Promise<void>;
  /**
   * Verifies the token of a callback. Resolves to a function that completes the callback with a payload, at most once.
   *
   * @throws {DuraniumError} `callback-not-found`, `overloaded`
   */
  openCallback(token: string): Promise<(payload: JsonValue) => Promise<void>>;
  /** Suspends the execution between two operations until it is resumed. */
  pause(executionId: ExecutionId): Promise<void>;
  /** Resumes a paused execution, and retries one that is backing off immediately. */
  resume(executionId: ExecutionId): Promise<void>;
  /** Starts a new execution with the same input. */
  retry(executionId: ExecutionId, request: RetryRequest): Promise<{ readonly executionId: ExecutionId }>;
  /**
   * Retries the matching executions, newest first, except those that have been retried before. An execution that
   * `retry` rejects is reported, and the others are still retried.
   */
  retryAll(
    filter: ExecutionFilter,
    request: RetryRequest & { readonly limit: number },
  ): Promise<RetryOutcome[]>;
  /**
   * Starts a new execution with the results of this one up to a step.
   *
   * @returns no ID for a dry run
   */
  fork(
    executionId: ExecutionId,
    request: ForkRequest,
    caller: Caller,
  ): Promise<{ readonly forkExecutionId?: ExecutionId; readonly version: number }>;
  /**
   * Forks the matching executions, newest first, except those that have been retried or forked before, from where they
   * failed. An execution that `fork` rejects is reported, and the others are still forked.
   */
  forkAll(
    filter: ExecutionFilter,
    request: Pick<ForkRequest, "version" | "dryRun"> & { readonly limit: number },
    caller: Caller,
  ): Promise<ForkOutcome[]>;
  /** Deletes an ended execution. */
  purge(executionId: ExecutionId): Promise<void>;
}

/** A schedule as a request defines it. */
export interface NewSchedule extends ScheduleOptions {
  readonly workflowId: WorkflowId;
}

/** Who paused or resumed a schedule, and why. */
export interface ScheduleNote {
  /** The name of the API key. */
  readonly by: string;
  readonly note?: string;
}

/** Schedules, which execute workflows at certain times. */
export interface ScheduleService {
  get(id: string): Promise<ScheduleView>;
  /** Lists schedules by ID. `only` restricts the list to these workflows. */
  list(page: PageRequest<string>, only?: readonly WorkflowId[]): Promise<Page<ScheduleView, string>>;
  /** The workflow of a schedule; `undefined` if there is no such schedule. */
  workflowOf(id: string): Promise<WorkflowId | undefined>;
  /** The next ten runs of a specification. */
  preview(spec: ScheduleSpec): Promise<SchedulePreview>;
  /** Creates the schedule or replaces its definition. */
  set(id: string, schedule: NewSchedule): Promise<ScheduleView>;
  remove(id: string): Promise<void>;
  pause(id: string, by: ScheduleNote): Promise<ScheduleView>;
  resume(id: string, by: ScheduleNote): Promise<ScheduleView>;
  /** Starts a run now. */
  trigger(id: string): Promise<{ readonly executionId: ExecutionId }>;
  /** Runs the instants from `start` to `end`, in milliseconds since the Unix epoch. */
  backfill(
    id: string,
    request: { readonly start: number; readonly end: number; readonly overlap?: OverlapPolicy },
  ): Promise<BackfillResult>;
}
/** Queues of flow control, and the limits that several workflows share. */
export interface QueueService {
  /** @param only if given, restricts the list to the queues of these workflows */
  list(only?: readonly WorkflowId[]): Promise<readonly QueueView[]>;
  get(queue: QueueId): Promise<QueueDetail>;
  /** Returns the queue after the change. */
  change(queue: QueueId, change: QueueChange): Promise<QueueDetail>;
  limits(): Promise<readonly SharedLimitView[]>;
  limit(name: string): Promise<SharedLimitView>;
  setLimit(name: string, limit: SharedLimit): Promise<void>;
  removeLimit(name: string): Promise<void>;
}

export type QueueChange = { readonly by: string; readonly note?: string | undefined } & (
  | { readonly action: "pause" | "resume" | "drain" | "purge" }
  | { readonly action: "override"; readonly limits: SharedLimit | null }
);

export interface LogFilter {
  /** Includes only lines of these levels. */
  readonly levels?: readonly LogLevel[];
}

/** The client that reads a log stream. Each API key has a share of all streams. */
export interface LogReader {
  readonly keyId: string;
  readonly signal: AbortSignal;
}

/** The events of a log stream; `quiet` is sent periodically while no lines are written. */
export type LogEvent =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "quiet" }
  /** The last event: no line follows it. `status` is absent if Restate no longer has the execution. */
  | { readonly kind: "ended"; readonly status?: ExecutionStatus };

/** The console output of executions. */
export interface LogService {
  /** Lists lines in the order in which they were written. */
  list(
    executionId: ExecutionId,
    filter: LogFilter,
    page: PageRequest<number>,
  ): Promise<Page<LogLine, number>>;
  /**
   * Emits the stored lines after the one numbered `after`, and then each line as it is written, until the execution has
   * ended. The events end early when the reader's `signal` aborts.
   */
  follow(
    executionId: ExecutionId,
    filter: LogFilter,
    after: number | undefined,
    reader: LogReader,
  ): Promise<AsyncIterable<LogEvent>>;
}

/** The properties of a new key. */
export interface NewApiKey extends Permissions {
  readonly name: string;
  /** Milliseconds since the Unix epoch. The key is invalid from then on. */
  readonly expiresAt?: number;
}

/** A place in the list of API keys. */
export type ApiKeyPosition = Pick<ApiKeyView, "createdAt" | "id">;

export interface ApiKeyService {
  /** The only response that contains the key. */
  create(apiKey: NewApiKey): Promise<CreatedApiKey>;
  list(page: PageRequest<ApiKeyPosition>): Promise<Page<ApiKeyView, ApiKeyPosition>>;
  /** Takes effect immediately. */
  revoke(id: string): Promise<void>;
  /** Looks up a key; `undefined` if it is unknown. */
  authenticate(key: string): Promise<ApiKeyView | undefined>;
}

/** A session of the web UI: its key in its current state, and the latest time at which it ends. */
export interface Session {
  readonly apiKey: ApiKeyView;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Sessions of the web UI. A session ends with its key, or when it has not been used for some time. */
export interface SessionService {
  /** The only response that contains the token. `undefined` if the key is unknown. */
  open(key: string): Promise<(Session & { readonly token: string }) | undefined>;
  /** `undefined` if the session is unknown or has ended. */
  find(token: string): Promise<Session | undefined>;
  close(token: string): Promise<void>;
}

/** Secrets of workflows. Values can be written here but not read. */
export interface SecretService {
  /** Lists secrets by name. */
  list(workflowId: WorkflowId): Promise<readonly SecretView[]>;
  set(
    workflowId: WorkflowId,
    secret: { readonly name: string; readonly value: string; readonly hosts: readonly string[] },
  ): Promise<SecretView>;
  remove(workflowId: WorkflowId, name: string): Promise<void>;
}

/** The properties of a new webhook. `secret` is the signing secret of the sender. */
export type NewWebhook = Pick<Webhook, "name" | "scheme" | "payload" | "entryPoint"> & {
  readonly secret?: string;
};

/** A request to a webhook, before its body is parsed. */
export interface WebhookRequest {
  readonly token: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The query as sent, starting with `?`; empty without one. */
  readonly query: string;
  /** The body as sent. */
  readonly bytes: Uint8Array;
  /** The body with its content codings removed. */
  readonly content: () => Uint8Array;
}

/** A webhook whose token was found. */
export interface OpenWebhook extends Pick<Webhook, "scheme" | "payload"> {
  /**
   * Signs a token of the sender, which verifies the owner of the URL this way.
   *
   * @throws {DuraniumError} `invalid-request` if it is not a valid token
   */
  signToken(token: string, encoding: "hex" | "base64"): string;
  /**
   * Verifies the signature of a request. Returns a function that executes the workflow, once per delivery even if the
   * sender repeats it.
   *
   * @throws {DuraniumError} `signature-invalid`, `signature-expired`
   */
  verify(
    request: WebhookRequest,
  ): (
    payload: JsonValue,
    signal?: AbortSignal,
  ) => Promise<{ readonly executionId: ExecutionId; readonly replayed: boolean }>;
  /** Adds the request to the log of the webhook. */
  record(delivery: Omit<WebhookDelivery, "id" | "at">): void;
}

/** Secret URLs that execute workflows. A URL is shown only once. */
export interface WebhookService {
  list(workflowId: WorkflowId): Promise<readonly Webhook[]>;
  create(workflowId: WorkflowId, webhook: NewWebhook): Promise<Webhook & { readonly url: string }>;
  /** Replaces the URL of the webhook. */
  rotate(workflowId: WorkflowId, id: string): Promise<{ readonly url: string }>;
  remove(workflowId: WorkflowId, id: string): Promise<void>;
  /**
   * Replaces the name; `undefined` removes it.
   *
   * @throws {DuraniumError} `webhook-not-found`
   */
  rename(workflowId: WorkflowId, id: string, name: string | undefined): Promise<Webhook>;
  /**
   * Lists the latest requests to a webhook, newest first.
   *
   * @throws {DuraniumError} `webhook-not-found`
   */
  deliveries(
    workflowId: WorkflowId,
    id: string,
    page: PageRequest<number>,
  ): Promise<Page<WebhookDelivery, number>>;
  /** @throws {DuraniumError} `webhook-not-found` */
  open(token: string): Promise<OpenWebhook>;
}

/** Settings of workflows. */
export interface SettingsService {
  get(workflowId: WorkflowId): Promise<WorkflowSettings>;
  /** Replaces all settings. */
  set(workflowId: WorkflowId, settings: WorkflowSettings): Promise<void>;
}

/** Sources that were saved in the editor and not deployed. */
export interface DraftService {
  get(workflowId: WorkflowId): Promise<Draft>;
  /**
   * Lists drafts by workflow.
   *
   * @param only if given, restricts the list to these workflows
   */
  list(page: PageRequest<WorkflowId>, only?: readonly WorkflowId[]): Promise<Page<DraftFacts, WorkflowId>>;
  save(draft: Omit<Draft, "revision">, expected: ExpectedDraft): Promise<SavedDraft>;
  remove(workflowId: WorkflowId): Promise<void>;
}

/** Metrics of this process. */
export interface MetricsService {
  /** The media type of what `read` resolves to. */
  readonly contentType: string;
  read(): Promise<string>;
}

/** What an executor process does for Restate. */
export interface ExecutorReport {
  readonly host: string;
  /** Its number on this host, from 1. */
  readonly process: number;
  /** The attempts that began since its start. */
  readonly attempts: number;
  readonly attemptsInFlight: number;
  readonly connections: number;
}

export interface ExecutorsService {
  /** Those that have reported lately. */
  list(): readonly ExecutorReport[];
}

/** The log of all changes. */
export interface AuditLog {
  add(entry: Omit<AuditEntry, "id">): Promise<void>;
  /** Newest first. */
  list(page: PageRequest<number>, filter: AuditFilter): Promise<Page<AuditEntry, number>>;
}

/** Traces requests and the work that they start. */
export interface RequestTracing {
  /** Runs `answer` within the trace that the headers name, or within a new one. */
  answering(request: TracedRequest, answer: () => Promise<Response>): Promise<Response>;
}

export interface TracedRequest {
  readonly method: string;
  /** The path pattern as registered: `/workflows/:workflowId/execute`. */
  readonly route: string;
  readonly url: string;
  /** The path without tokens. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clientAddress: string;
  /** The workflow that the request names, not validated. */
  readonly workflowId?: string | undefined;
  readonly executionId?: string | undefined;
}

/** The exceeded limit, as text, and when the client should retry. */
export interface OverloadReason {
  readonly what: string;
  readonly retryAfterSeconds: number;
}

export interface LoadService {
  /** Why no more work can be accepted; `undefined` if it can. Called before each request that creates work. */
  overloadReason(): OverloadReason | undefined;
}

export interface HealthService {
  /** Describes each part that is not ready; empty if all are ready. */
  problems(): Promise<readonly string[]>;
}

/** A request that is forwarded to Restate's admin API. */
export interface RestateAdminRequest {
  readonly method: string;
  /** Path and query, still percent-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

export interface RestateAdminAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent, with its content codings. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Restate's admin API and web UI. */
export interface RestateAdminService {
  /** @throws {DuraniumError} `restate-unavailable` */
  request(request: RestateAdminRequest): Promise<RestateAdminAnswer>;
}
