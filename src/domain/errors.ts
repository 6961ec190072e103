/**
 * The catalogue of everything that can go wrong and has a name.
 *
 * `status` is what the API answers. `retryable` says whether the same request may succeed later without
 * being changed: `services/` lets Restate retry those, and ends an execution on the others.
 * `docs/reference/errors.md` explains each; a test keeps the two in step.
 */
export const errorCatalogue = {
  // What callers get wrong.
  "invalid-json": { status: 400, retryable: false, title: "The body is not JSON" },
  "invalid-request": { status: 400, retryable: false, title: "The request does not have the expected form" },
  "invalid-workflow-id": { status: 400, retryable: false, title: "The workflow id is not a slug" },
  "invalid-entry-point": { status: 400, retryable: false, title: "The entry point is not a name" },
  "invalid-event-name": { status: 400, retryable: false, title: "The name of the event is not a name" },
  "invalid-cursor": { status: 400, retryable: false, title: "The cursor was not made by this list" },
  "malformed-http": { status: 400, retryable: false, title: "The request is not HTTP" },
  unauthenticated: { status: 401, retryable: false, title: "An API key is needed" },
  "signature-invalid": { status: 401, retryable: false, title: "The signature is not right" },
  "signature-expired": { status: 401, retryable: false, title: "The signature was made at another time" },
  forbidden: { status: 403, retryable: false, title: "The API key may not do this" },
  "cross-site": { status: 403, retryable: false, title: "The request comes from another site" },
  "route-not-found": { status: 404, retryable: false, title: "There is nothing at this address" },
  "workflow-in-use": {
    status: 409,
    retryable: false,
    title: "Executions of a removed workflow of this name are under way",
  },
  "workflow-not-found": { status: 404, retryable: false, title: "There is no such workflow" },
  "version-not-found": { status: 404, retryable: false, title: "There is no such version" },
  "execution-not-found": { status: 404, retryable: false, title: "There is no such execution" },
  "step-not-found": { status: 404, retryable: false, title: "The execution has no such step" },
  "callback-not-found": { status: 404, retryable: false, title: "There is no such callback" },
  "webhook-not-found": { status: 404, retryable: false, title: "There is no such webhook" },
  "secret-not-found": { status: 404, retryable: false, title: "There is no such secret" },
  "draft-not-found": { status: 404, retryable: false, title: "The workflow has no draft" },
  "api-key-not-found": { status: 404, retryable: false, title: "There is no such API key" },
  "method-not-allowed": { status: 405, retryable: false, title: "This address does not take this method" },
  "request-timeout": { status: 408, retryable: true, title: "The request did not arrive in time" },
  "execution-ended": { status: 409, retryable: false, title: "The execution has ended" },
  "execution-not-begun": { status: 409, retryable: true, title: "The execution has not begun" },
  "execution-not-ended": { status: 409, retryable: false, title: "The execution has not ended" },
  "no-failed-step": {
    status: 409,
    retryable: false,
    title: "The execution has no failed step to retry from",
  },
  "callback-used": { status: 409, retryable: false, title: "The callback was used already" },
  "too-many-events": { status: 409, retryable: false, title: "The execution was sent too many events" },
  "too-many-followers": { status: 429, retryable: true, title: "Too many follow the logs already" },
  "draft-conflict": { status: 412, retryable: false, title: "Somebody else saved the draft" },
  "condition-missing": { status: 428, retryable: false, title: "The request does not say what it replaces" },
  "idempotency-conflict": {
    status: 422,
    retryable: false,
    title: "The idempotency key was used for another request",
  },
  "body-too-large": { status: 413, retryable: false, title: "The body is too large" },
  "unsupported-media-type": { status: 415, retryable: false, title: "The content type is not supported" },
  "rate-limited": { status: 429, retryable: true, title: "Too many requests" },
  "headers-too-large": { status: 431, retryable: false, title: "The headers are too large" },

  // What authors get wrong at deploy.
  "compile-failed": { status: 422, retryable: false, title: "The source does not compile" },
  "missing-run": { status: 422, retryable: false, title: "The workflow does not export run" },
  "load-failed": { status: 422, retryable: false, title: "The top level of the workflow threw" },
  "load-timeout": {
    status: 422,
    retryable: false,
    title: "The top level of the workflow did not end in time",
  },
  "load-out-of-memory": {
    status: 422,
    retryable: false,
    title: "The top level of the workflow took too much memory",
  },
  "load-out-of-fuel": {
    status: 422,
    retryable: false,
    title: "The top level of the workflow computed too much",
  },
  "bundle-too-large": { status: 422, retryable: false, title: "The bundle is too large" },

  "deploy-crashed": { status: 422, retryable: false, title: "Compiling the workflow crashed the executor" },

  // How executions fail for good.
  "workflow-failed": { status: 500, retryable: false, title: "The workflow threw" },
  "workflow-stalled": {
    status: 500,
    retryable: false,
    title: "The workflow waits for something that cannot come",
  },
  "out-of-memory": { status: 500, retryable: false, title: "The workflow took too much memory" },
  "out-of-fuel": { status: 500, retryable: false, title: "The workflow computed too much" },
  "guest-crashed": { status: 500, retryable: false, title: "The sandbox gave up on the workflow" },
  "guest-protocol-violated": { status: 500, retryable: false, title: "The workflow broke the host protocol" },
  "limit-exceeded": { status: 500, retryable: false, title: "The execution met a limit" },
  "journal-full": { status: 500, retryable: false, title: "The journal of the execution is full" },
  "kept-steps-lost": {
    status: 500,
    retryable: false,
    title: "The steps that a retry kept are not to be had",
  },
  cancelled: { status: 409, retryable: false, title: "The execution was cancelled" },

  // What is ours, and passes.
  "turn-timeout": { status: 503, retryable: true, title: "A turn of the workflow did not end in time" },
  "worker-lost": { status: 503, retryable: true, title: "The worker thread of the execution ended" },
  "executor-crashed": { status: 503, retryable: true, title: "A turn of the execution ended its executor" },
  "engine-unavailable": { status: 503, retryable: true, title: "The engine of this version is not here" },
  "protocol-unsupported": {
    status: 503,
    retryable: true,
    title: "This executor does not speak the protocol of this version",
  },
  "artifact-corrupt": { status: 500, retryable: true, title: "A stored artifact does not match its digest" },
  "artifact-missing": { status: 500, retryable: true, title: "A stored artifact is not there" },
  overloaded: { status: 503, retryable: true, title: "There is too much to do" },
  "not-ready": { status: 503, retryable: true, title: "Duranium is not ready" },
  "restate-unavailable": { status: 503, retryable: true, title: "Restate does not answer" },
  "portable-unavailable": {
    status: 501,
    retryable: false,
    title: "This installation cannot build portable components",
  },
  internal: { status: 500, retryable: true, title: "Something failed that should not" },
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
