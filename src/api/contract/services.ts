import type { JsonText, JsonValue } from "../../base/json.ts";
import type { AuditFilter } from "../../domain/audit-filter.ts";
import type { Draft, DraftFacts, ExpectedDraft } from "../../domain/draft.ts";
import type { DuraniumError } from "../../domain/errors.ts";
import type {
  Caller,
  EndedExecution,
  ExecutionDetail,
  ExecutionStatus,
  ExecutionSummary,
  OpenCallback,
  Step,
} from "../../domain/execution.ts";
import type { Digest, ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { LogLevel, LogLine } from "../../domain/log-line.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import type { Version, Workflow, WorkflowSource } from "../../domain/workflow.ts";

/**
 * What the API needs from the layers below it; `main.ts` supplies them. Every method rejects with a
 * `DuraniumError` of the catalogue.
 */

/** One page of a list. `cursor` is opaque, and absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

export interface PageRequest {
  readonly cursor?: string;
  /** How many items at most. */
  readonly limit: number;
}

/** A version, and whether the one deployed before it has the same source. */
export interface Deployed extends Version {
  readonly unchanged: boolean;
}

/** A workflow with the version that new executions get; `undefined` while the first deploy is under way. */
export interface WorkflowView extends Workflow {
  readonly currentVersion?: number;
  /** Its last executions, the newest first, where they were asked for. */
  readonly recent?: readonly RecentExecution[];
}

export type RecentExecution = Pick<ExecutionSummary, "executionId" | "status" | "createdAt">;

export interface VersionView extends Version {
  readonly current: boolean;
}

/** Deploys, versions and what is current. */
export interface WorkflowService {
  deploy(request: {
    readonly workflowId: WorkflowId;
    readonly source: WorkflowSource;
    readonly note?: string | undefined;
    readonly deployedBy: string;
    /** Whether the key is bound to the workflow, and so was made for whoever has had its name so far. */
    readonly isWorkflowBound: boolean;
  }): Promise<Deployed>;
  activate(workflowId: WorkflowId, version: number): Promise<VersionView>;
  /** Replaces the note of a version; `undefined` removes it. */
  setNote(workflowId: WorkflowId, version: number, note: string | undefined): Promise<VersionView>;
  remove(workflowId: WorkflowId): Promise<void>;
  get(workflowId: WorkflowId): Promise<WorkflowView>;
  /**
   * @param page `recent`: how many executions of each to tell of
   * @param only where given, none but these
   */
  list(
    page: PageRequest & { readonly recent?: number },
    only?: readonly WorkflowId[],
  ): Promise<Page<WorkflowView>>;
  version(
    workflowId: WorkflowId,
    version: number,
  ): Promise<VersionView & { readonly source: WorkflowSource }>;
  versions(workflowId: WorkflowId, page: PageRequest): Promise<Page<VersionView>>;
  /** The portable component of a version. Built on the first request: seconds. `signal`: the caller is gone. */
  portableComponent(workflowId: WorkflowId, version: number, signal: AbortSignal): Promise<Uint8Array>;
}

export interface ExecuteRequest {
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly payload: JsonText;
  readonly idempotencyKey?: string;
  /** The key alone says that it is the same request: who sends it again may word it otherwise. */
  readonly isSameByKey?: true;
  /** Whose API key asks. */
  readonly caller: Caller;
}

/** An execution that Restate has taken. */
export interface SentExecution {
  readonly executionId: ExecutionId;
  /** Its idempotency key was known: nothing was begun. */
  readonly replayed: boolean;
  /** Milliseconds since the Unix epoch; absent where it was begun before. */
  readonly createdAt?: number;
}

export interface RetryRequest {
  /** `failed-step` keeps what had succeeded before, and with it the version. */
  readonly from: "start" | "failed-step";
  readonly version: "same" | "current";
}

export interface ExecutionFilter {
  readonly workflowId?: WorkflowId | undefined;
  /** Only executions of these. */
  readonly workflowIds?: readonly WorkflowId[] | undefined;
  /** Only executions of workflows whose name contains this; it consists of `a-z`, `0-9` and `-`. */
  readonly workflowContains?: string | undefined;
  /** Only these. */
  readonly executionIds?: readonly ExecutionId[] | undefined;
  /** Only executions that another one retries, or only the others. */
  readonly isRetried?: boolean | undefined;
  readonly status?: ExecutionStatus | undefined;
  /** Only executions that have begun have a version, or an entry point that can be looked for. */
  readonly version?: number | undefined;
  readonly entryPoint?: string | undefined;
  /** Milliseconds since the Unix epoch, inclusive. */
  readonly createdAfter?: number | undefined;
  /** Milliseconds since the Unix epoch, exclusive. */
  readonly createdBefore?: number | undefined;
}

/** What came of one execution of many that were to be retried. */
export type RetryOutcome = {
  /** The one that had ended. */
  readonly executionId: ExecutionId;
} & ({ readonly retryExecutionId: ExecutionId } | { readonly refusal: DuraniumError });

/** Executions: begun, watched and operated. */
export interface ExecutionService {
  /** Hands the execution to Restate. When this resolves, it will run whatever dies. */
  execute(request: ExecuteRequest): Promise<SentExecution>;
  /**
   * Waits until the execution ended, and answers with `undefined` where it has not when the time is over, or
   * `signal` aborts. All but its times are those that `get` would tell: these are by the clock of who waited.
   */
  wait(
    sent: SentExecution,
    request: Pick<ExecuteRequest, "workflowId" | "entryPoint">,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<EndedExecution | undefined>;
  get(executionId: ExecutionId): Promise<ExecutionDetail>;
  /** One of its steps, with a result that is too large for `get`, if it is not larger still. */
  step(executionId: ExecutionId, index: number): Promise<Step>;
  /** The callbacks that it waits for. Whoever has a URL can answer. */
  callbacks(executionId: ExecutionId): Promise<readonly OpenCallback[]>;
  statusOf(executionId: ExecutionId): Promise<ExecutionStatus>;
  /** Whose execution it is. */
  workflowOf(executionId: ExecutionId): Promise<WorkflowId>;
  list(filter: ExecutionFilter, page: PageRequest): Promise<Page<ExecutionSummary>>;
  cancel(executionId: ExecutionId): Promise<void>;
  /** Hands an event over. The execution finds it whenever it waits for one of this name, now or later. */
  sendEvent(executionId: ExecutionId, name: string, payload: JsonValue): Promise<void>;
  /**
   * Verifies the token of a callback, and answers with what gives the execution the payload that it waits for: once.
   *
   * @throws {DuraniumError} `callback-not-found`, `overloaded`
   */
  openCallback(token: string): Promise<(payload: JsonValue) => Promise<void>>;
  /** Stops it where it is, between two results, until it is resumed. */
  pause(executionId: ExecutionId): Promise<void>;
  /** Lets a paused execution go on, and one that waits for its next attempt try at once. */
  resume(executionId: ExecutionId): Promise<void>;
  /** Begins a new execution with the same input. */
  retry(executionId: ExecutionId, request: RetryRequest): Promise<{ readonly executionId: ExecutionId }>;
  /**
   * Retries those that match, the newest first, but for those that have been retried before. Refuses each
   * that `retry` would refuse, and goes on.
   */
  retryAll(
    filter: ExecutionFilter,
    request: RetryRequest & { readonly limit: number },
  ): Promise<RetryOutcome[]>;
  /** Forgets an execution that has ended. */
  purge(executionId: ExecutionId): Promise<void>;
}

export interface LogFilter {
  /** Only lines of these. */
  readonly levels?: readonly LogLevel[];
}

/** Where the following of a log begins: after the line of a number, or else where a page would begin. */
export interface LogPlace {
  readonly afterNumber?: number;
  readonly cursor?: string;
}

/** Who follows an execution: each API key has a share of all readers. */
export interface LogReader {
  readonly keyId: string;
  readonly signal: AbortSignal;
}

/** What those who follow an execution are told; `quiet` now and then while there is nothing. */
export type LogEvent =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "quiet" }
  /** The last: no line comes after it. `status` is absent where Restate has forgotten the execution by now. */
  | { readonly kind: "ended"; readonly status?: ExecutionStatus };

/** What executions wrote to their console. */
export interface LogService {
  /** In the order in which it was written. */
  list(executionId: ExecutionId, filter: LogFilter, page: PageRequest): Promise<Page<LogLine>>;
  /**
   * The lines that are there, and then each as it is written, until the execution has ended. The events
   * end early when the reader's `signal` aborts.
   */
  follow(
    executionId: ExecutionId,
    filter: LogFilter,
    from: LogPlace,
    reader: LogReader,
  ): Promise<AsyncIterable<LogEvent>>;
}

/** What is decided about a key when it is made. */
export interface NewApiKey extends Permissions {
  readonly name: string;
  /** Milliseconds since the Unix epoch. From then on it opens nothing. */
  readonly expiresAt?: number;
}

/** An API key without its secret. Times are milliseconds since the Unix epoch. */
export interface ApiKeyView extends NewApiKey {
  readonly id: string;
  /** The first characters of the key, to tell keys apart. */
  readonly prefix: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

export interface ApiKeyService {
  /** The key is told once, here. */
  create(apiKey: NewApiKey): Promise<ApiKeyView & { readonly key: string }>;
  list(page: PageRequest): Promise<Page<ApiKeyView>>;
  /** Works at once. */
  revoke(id: string): Promise<void>;
  /** Whose key this is; `undefined` where it is nobody's. */
  authenticate(key: string): Promise<ApiKeyView | undefined>;
}

/** A session of the page: its key, as it is now, and when it ends at the latest. */
export interface Session {
  readonly apiKey: ApiKeyView;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Sessions of the page. One ends with its key, or when nobody used it for a while. */
export interface SessionService {
  /** Its token is told once, here. `undefined` where the key is nobody's. */
  open(key: string): Promise<(Session & { readonly token: string }) | undefined>;
  /** `undefined` where there is none, or it is over. */
  find(token: string): Promise<Session | undefined>;
  close(token: string): Promise<void>;
}

/** A secret without its value. */
export interface SecretView {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
}

/** Secrets of workflows: they go in, and never come out here. */
export interface SecretService {
  /** By name. */
  list(workflowId: WorkflowId): Promise<readonly SecretView[]>;
  set(
    workflowId: WorkflowId,
    secret: { readonly name: string; readonly value: string; readonly hosts: readonly string[] },
  ): Promise<SecretView>;
  remove(workflowId: WorkflowId, name: string): Promise<void>;
}

/** What is decided about a webhook when it is made. `secret`: what its sender signs with. */
export type NewWebhook = Pick<Webhook, "scheme" | "payload" | "entryPoint"> & { readonly secret?: string };

/** What was posted to a webhook, before anything is made of its body. */
export interface WebhookRequest {
  readonly token: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent, from the `?` on; empty where there is none. */
  readonly query: string;
  /** The body, as it was sent. */
  readonly bytes: Uint8Array;
  /** The same with its content codings undone. */
  readonly content: () => Uint8Array;
}

/** A webhook that a token opened. */
export interface OpenWebhook extends Pick<Webhook, "scheme" | "payload"> {
  /**
   * Signs a token of the sender's, who so finds out whose the address is.
   *
   * @throws {DuraniumError} `invalid-request` where it has not the form of a token
   */
  signToken(token: string, encoding: "hex" | "base64"): string;
  /**
   * Checks the signature of a request, and answers with what executes the workflow: a delivery that is repeated
   * executes once.
   *
   * @throws {DuraniumError} `signature-invalid`, `signature-expired`
   */
  verify(request: WebhookRequest): (payload: JsonValue) => Promise<{ readonly executionId: ExecutionId }>;
}

/** Secret addresses that execute workflows. An address is told once. */
export interface WebhookService {
  list(workflowId: WorkflowId): Promise<readonly Webhook[]>;
  create(workflowId: WorkflowId, webhook: NewWebhook): Promise<Webhook & { readonly url: string }>;
  /** Gives it another address. */
  rotate(workflowId: WorkflowId, id: string): Promise<{ readonly url: string }>;
  remove(workflowId: WorkflowId, id: string): Promise<void>;
  /** @throws {DuraniumError} `webhook-not-found` */
  open(token: string): Promise<OpenWebhook>;
}

/** What is set for workflows. */
export interface SettingsService {
  get(workflowId: WorkflowId): Promise<WorkflowSettings>;
  /** Replaces all of them. */
  set(workflowId: WorkflowId, settings: WorkflowSettings): Promise<void>;
}

/** What is written in the editor and not deployed. */
export interface DraftService {
  get(workflowId: WorkflowId): Promise<Draft>;
  /** By workflow. @param only where given, of none but these */
  list(page: PageRequest, only?: readonly WorkflowId[]): Promise<Page<DraftFacts>>;
  /** `conflict`: there is another draft than what was expected, or none any more. */
  save(
    draft: Pick<Draft, "workflowId" | "source" | "updatedBy">,
    expected: ExpectedDraft,
  ): Promise<{ readonly saved: DraftFacts } | { readonly conflict: DraftFacts | "gone" }>;
  remove(workflowId: WorkflowId): Promise<void>;
}

export type EngineEncoding = "gzip" | "br";

/** The engine that deploys are made with, for those who run it elsewhere, as previews do. */
export interface EngineService {
  current(): Promise<{
    readonly digest: Digest;
    readonly protocolVersion: number;
    /** Of the module, as it is compiled. */
    readonly bytes: number;
  }>;
  /** The WebAssembly module, compressed where an encoding is named. */
  module(encoding: EngineEncoding | undefined): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a process measures of itself. */
export interface MetricsService {
  /** The media type of what `read` resolves to. */
  readonly contentType: string;
  read(): Promise<string>;
}

/** Who changed what, or was not allowed to. */
export interface AuditEntry {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly actorId: string;
  readonly actor: string;
  /** The id of the operation in the OpenAPI document. */
  readonly action: string;
  readonly subject: string;
  /** Which workflow it was about, where it was about one. */
  readonly workflowId?: WorkflowId;
  readonly address: string;
  /** Of the answer. */
  readonly status: number;
}

export interface AuditService {
  record(entry: Omit<AuditEntry, "id" | "at">): void;
  /** The newest first. */
  list(page: PageRequest, filter: AuditFilter): Promise<Page<AuditEntry>>;
}

/** Follows requests through whatever they lead to. */
export interface RequestTracing {
  /** Runs `answer` as a part of the trace that the headers name, or of a new one. */
  answering(request: TracedRequest, answer: () => Promise<Response>): Promise<Response>;
}

export interface TracedRequest {
  readonly method: string;
  /** As it is registered: `/workflows/:workflowId/execute`. */
  readonly route: string;
  readonly url: string;
  /** Without tokens. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clientAddress: string;
  /** What the request is about, unchecked. */
  readonly workflowId?: string | undefined;
  readonly executionId?: string | undefined;
}

/** What there is too much of, in words, and when to come again. */
export interface OverloadReason {
  readonly what: string;
  readonly retryAfterSeconds: number;
}

export interface LoadService {
  /** Why no more work can be taken in; `undefined` where it can. Asked before each request that brings some. */
  overloadReason(): OverloadReason | undefined;
}

export interface HealthService {
  /** Names what is not ready, in words; empty when all is. */
  problems(): Promise<readonly string[]>;
}

/** What is passed on to Restate's admin API. */
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
  /** As it was sent: what `content-encoding` says is not undone. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Restate's admin API, and the page that it serves. */
export interface RestateAdminService {
  /** @throws {DuraniumError} `restate-unavailable` */
  request(request: RestateAdminRequest): Promise<RestateAdminAnswer>;
}
