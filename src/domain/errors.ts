/**
 * The catalogue of everything that can go wrong and has a name.
 *
 * `status` is what the API answers. `retryable` says whether the same request may succeed later without
 * being changed: `services/` lets Restate retry those, and ends an execution on the others.
 * `docs/reference/errors.md` explains each; a test keeps the two in step.
 */
export const errorCatalogue = {
  // Requests.
  "invalid-json": { status: 400, retryable: false, title: "Invalid JSON" },
  "invalid-request": { status: 400, retryable: false, title: "Invalid request" },
  "invalid-workflow-id": { status: 400, retryable: false, title: "Invalid workflow ID" },
  "invalid-entry-point": { status: 400, retryable: false, title: "Invalid entry point" },
  "invalid-event-name": { status: 400, retryable: false, title: "Invalid event name" },
  "invalid-recording": { status: 400, retryable: false, title: "Invalid recording" },
  "invalid-cursor": { status: 400, retryable: false, title: "Invalid cursor" },
  "malformed-http": { status: 400, retryable: false, title: "Malformed HTTP request" },
  unauthenticated: { status: 401, retryable: false, title: "Authentication required" },
  "signature-invalid": { status: 401, retryable: false, title: "Invalid signature" },
  "signature-expired": { status: 401, retryable: false, title: "Signature timestamp out of range" },
  forbidden: { status: 403, retryable: false, title: "Permission denied" },
  "cross-site": { status: 403, retryable: false, title: "Cross-site request rejected" },
  "route-not-found": { status: 404, retryable: false, title: "Route not found" },
  "workflow-name-in-use": {
    status: 409,
    retryable: false,
    title: "Workflow name still in use",
  },
  "workflow-not-found": { status: 404, retryable: false, title: "Workflow not found" },
  "version-not-found": { status: 404, retryable: false, title: "Version not found" },
  "execution-not-found": { status: 404, retryable: false, title: "Execution not found" },
  "replay-check-not-found": { status: 404, retryable: false, title: "Replay check not found" },
  "step-not-found": { status: 404, retryable: false, title: "Step not found" },
  "callback-not-found": { status: 404, retryable: false, title: "Callback not found" },
  "queue-not-found": { status: 404, retryable: false, title: "Queue not found" },
  "alert-rule-not-found": { status: 404, retryable: false, title: "Alert rule not found" },
  "alert-not-found": { status: 404, retryable: false, title: "Alert not found" },
  "failure-not-found": { status: 404, retryable: false, title: "Failure not found" },
  "webhook-not-found": { status: 404, retryable: false, title: "Webhook not found" },
  "secret-not-found": { status: 404, retryable: false, title: "Secret not found" },
  "draft-not-found": { status: 404, retryable: false, title: "Draft not found" },
  "schedule-not-found": { status: 404, retryable: false, title: "Schedule not found" },
  "schedule-managed": { status: 409, retryable: false, title: "Schedule managed by the code" },
  "api-key-not-found": { status: 404, retryable: false, title: "API key not found" },
  "method-not-allowed": { status: 405, retryable: false, title: "Method not allowed" },
  "request-timeout": { status: 408, retryable: true, title: "Request timed out" },
  "execution-ended": { status: 409, retryable: false, title: "Execution already ended" },
  "execution-started": { status: 409, retryable: false, title: "Execution already started" },
  "execution-not-started": { status: 409, retryable: true, title: "Execution not started" },
  "execution-not-ended": { status: 409, retryable: false, title: "Execution still in progress" },
  "no-failed-step": {
    status: 409,
    retryable: false,
    title: "No failed step to retry from",
  },
  "fork-refused": { status: 409, retryable: false, title: "Version differs from the reused steps" },
  "callback-already-used": { status: 409, retryable: false, title: "Callback already used" },
  "too-many-events": { status: 409, retryable: false, title: "Event limit exceeded" },
  "too-many-log-streams": { status: 429, retryable: true, title: "Too many log streams" },
  "draft-conflict": { status: 412, retryable: false, title: "Draft changed by another client" },
  "precondition-required": {
    status: 428,
    retryable: false,
    title: "Precondition required",
  },
  "idempotency-conflict": {
    status: 422,
    retryable: false,
    title: "Idempotency key reused with a different request",
  },
  "body-too-large": { status: 413, retryable: false, title: "Request body too large" },
  "unsupported-media-type": { status: 415, retryable: false, title: "Unsupported media type" },
  "rate-limited": { status: 429, retryable: true, title: "Rate limit exceeded" },
  "headers-too-large": { status: 431, retryable: false, title: "Request headers too large" },

  // Deploys.
  "compile-failed": { status: 422, retryable: false, title: "Compilation failed" },
  "missing-run": { status: 422, retryable: false, title: 'Missing export "run"' },
  "evaluation-failed": { status: 422, retryable: false, title: "Top-level code threw" },
  "invalid-declaration": {
    status: 422,
    retryable: false,
    title: 'Invalid export "schedules" or "flow"',
  },
  "evaluation-timeout": {
    status: 422,
    retryable: false,
    title: "Top-level code timed out",
  },
  "evaluation-out-of-memory": {
    status: 422,
    retryable: false,
    title: "Top-level code ran out of memory",
  },
  "evaluation-out-of-fuel": {
    status: 422,
    retryable: false,
    title: "Top-level code exceeded its CPU budget (fuel)",
  },
  "engine-not-installed": {
    status: 422,
    retryable: false,
    title: "No engine for the language of the workflow",
  },
  "invalid-engine": { status: 422, retryable: false, title: "Invalid engine" },
  "engine-not-found": { status: 404, retryable: false, title: "Engine not found" },
  "engine-in-use": { status: 409, retryable: false, title: "Engine in use" },
  "replay-check-required": { status: 409, retryable: false, title: "Replay check required" },
  "package-refused": { status: 422, retryable: false, title: "Package refused" },
  "package-not-found": { status: 404, retryable: false, title: "Package not found" },
  "registry-unavailable": { status: 502, retryable: true, title: "Package registry unavailable" },
  "bundle-too-large": { status: 422, retryable: false, title: "Bundle too large" },

  "compiler-crashed": { status: 422, retryable: false, title: "Compiler crashed" },

  // Executions: terminal.
  "workflow-failed": { status: 500, retryable: false, title: "Workflow threw an error" },
  "workflow-stalled": {
    status: 500,
    retryable: false,
    title: "Workflow awaits a promise that cannot settle",
  },
  "out-of-memory": { status: 500, retryable: false, title: "Memory limit exceeded" },
  "out-of-fuel": { status: 500, retryable: false, title: "CPU budget exceeded (fuel)" },
  "sandbox-crashed": { status: 500, retryable: false, title: "Sandbox crashed" },
  "guest-protocol-violated": { status: 500, retryable: false, title: "Sandbox protocol violated" },
  "limit-exceeded": { status: 500, retryable: false, title: "Execution limit exceeded" },
  "journal-full": { status: 500, retryable: false, title: "Journal size limit exceeded" },
  "reused-steps-unavailable": {
    status: 500,
    retryable: false,
    title: "Reused steps are no longer available",
  },
  cancelled: { status: 409, retryable: false, title: "Execution cancelled" },
  skipped: { status: 412, retryable: false, title: "Execution skipped by flow control" },

  // Infrastructure: retryable.
  "turn-timeout": { status: 503, retryable: true, title: "Turn timed out" },
  "worker-lost": { status: 503, retryable: true, title: "Worker thread lost" },
  "executor-crashed": { status: 503, retryable: true, title: "Executor crashed" },
  "workflow-paused": { status: 503, retryable: true, title: "Workflow paused" },
  "engine-unavailable": { status: 503, retryable: true, title: "Engine not available on this executor" },
  "protocol-unsupported": {
    status: 503,
    retryable: true,
    title: "Engine protocol not supported by this executor",
  },
  "artifact-corrupt": { status: 500, retryable: true, title: "Stored artifact is corrupt" },
  "artifact-missing": { status: 500, retryable: true, title: "Stored artifact not found" },
  "object-storage-unavailable": { status: 503, retryable: true, title: "Object storage unavailable" },
  "object-storage-refused": { status: 500, retryable: true, title: "Object storage rejected the request" },
  overloaded: { status: 503, retryable: true, title: "Server overloaded" },
  "not-ready": { status: 503, retryable: true, title: "Server not ready" },
  "database-unavailable": { status: 503, retryable: true, title: "Database unavailable" },
  "restate-unavailable": { status: 503, retryable: true, title: "Restate unavailable" },
  "portable-builds-disabled": {
    status: 501,
    retryable: false,
    title: "Portable component builds disabled",
  },
  internal: { status: 500, retryable: true, title: "Internal error" },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

/** Stable name of an error, the same in HTTP, in Restate and in the documents. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Where in the author's files something is wrong. `line` counts from 1, `column` from 1. */
export interface Diagnostic {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The line of source that `line` names. */
  readonly lineText?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** One rule that a part of a request breaks. At most one of the places is there; none where it is the request as a whole. */
export interface FieldError {
  readonly detail: string;
  /** In the body: a JSON pointer (RFC 6901) as the fragment of a URI, `#/egress/allow/0`; `#` is all of it. */
  readonly pointer?: string;
  /** Of the query or the path. */
  readonly parameter?: string;
  readonly header?: string;
}

/** An error of the catalogue. Its message says what could not be done, and to what. */
export class DuraniumError extends Error {
  override readonly name = "DuraniumError";
  readonly code: ErrorCode;
  /** For the errors of a deploy: what is wrong, where. */
  readonly diagnostics: readonly Diagnostic[];
  /** For a request: each rule that it breaks, with its place. */
  readonly fields: readonly FieldError[];
  /** For a request that would succeed later. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      diagnostics?: readonly Diagnostic[];
      fields?: readonly FieldError[];
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}

/** The error itself where it has a code, else `internal` around it. */
export function toDuraniumError(error: unknown): DuraniumError {
  if (error instanceof DuraniumError) return error;
  return new DuraniumError("internal", messageOf(error), { cause: error });
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
