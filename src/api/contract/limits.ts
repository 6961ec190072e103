import { KiB, MiB } from "../../base/binary-units.ts";

/** Limits on requests and responses of the API. */

/**
 * Body of a deploy. Restate rejects messages above 32 MiB. The largest generated API clients have 9 to 11 MB of
 * sources.
 */
export const maxDeployBytes = 12 * MiB;

/** Files in one deploy. Generated API clients have one file per type, up to 2,700. */
export const maxDeployFiles = 4_000;

/** Packages that a deploy may request by name. Their own dependencies do not count. */
export const maxDependencies = 100;

/**
 * JSON of up to this many characters is validated on the main thread, which takes a millisecond or two. Longer
 * texts are validated on a worker thread.
 */
export const maxInlineJsonLength = 64 * KiB;

/** Body of any other API request: small JSON objects. */
export const maxRequestBytes = 64 * KiB;

/**
 * Minimum retention that a workflow's settings can configure, in hours. Clients resend requests with their
 * idempotency keys within this time, and signed webhooks are accepted for `webhookToleranceMs`: neither may start
 * an execution twice.
 */
export const minRetentionHours = 1;

/**
 * Idle time after which an event stream sends a comment. Proxies close connections that are silent for a minute.
 */
export const eventStreamKeepAliveMs = 15_000;

/** Body of an event or a callback. It is journaled and retained as long as the execution. */
export const maxEventBytes = 1 * MiB;

/** Maximum of `Prefer: wait=N`, in seconds. */
export const maxWaitSeconds = 300;

/** Default page size of a list. */
export const defaultPageItems = 50;

/** Latest executions that a list of workflows includes for each workflow. */
export const maxRecentExecutions = 50;

/** Length of a cursor in a request. Duranium's cursors are far shorter. */
export const maxCursorLength = 512;

/** Validation errors in one response: more than any form has fields. */
export const maxFieldErrors = 50;

/** Characters of one validation error and of its path, because it may quote the request. */
export const maxFieldErrorLength = 300;

/** Human-readable name of an API key. */
export const maxApiKeyNameLength = 100;

/** Value of a secret. An RSA key of 4096 bits has 3 KiB as PEM. */
export const maxSecretBytes = 16 * KiB;

/** Minimum length of a secret. A shorter one would occur in, and be redacted from, unrelated responses. */
export const minSecretLength = 8;

/** Form fields and multipart parts of one webhook body. */
export const maxFormFields = 10_000;

/**
 * Challenge that a webhook sender has echoed to verify the URL. Meta sends ten digits, Microsoft Graph a sentence.
 */
export const maxChallengeLength = 1_024;

/** Hosts in the egress settings of one workflow. */
export const maxEgressHosts = 200;

/** Hosts per secret. */
export const maxSecretHosts = 20;

/** A host with its scheme and port. Host names have at most 253 characters (RFC 1035). */
export const maxHostPatternLength = 270;

/** Workflows that one API key may be bound to. Each request is compared with all of them. */
export const maxWorkflowsPerApiKey = 100;

/** Length of a Bearer token in a request. Duranium's API keys are far shorter. */
export const maxApiKeyLength = 256;

/** Length of a session token in a request. Duranium's tokens have 43 characters. */
export const maxSessionTokenLength = 64;

/** How long a browser may cache a CORS preflight response. No browser caches it for longer. */
export const corsMaxAgeSeconds = 24 * 60 * 60;

/** Subject of an audit log entry: a path, and Duranium's are shorter. Rejected requests are recorded too. */
export const maxAuditSubjectLength = 300;

/**
 * Concurrent requests that wait for the end of an execution. Each takes about 50 KiB and a connection to Restate.
 */
export const maxWaitingRequests = 1_000;

/** Waiting requests per API key. Further ones are answered immediately, as without `Prefer: wait`. */
export const maxWaitingRequestsPerKey = 250;

/** Window of the request rate limits. */
export const rateLimitWindowSeconds = 10;

/** Time from the first byte of a request to the end of its headers. */
export const requestHeadersTimeoutMs = 10_000;

/**
 * Time from the first byte of a request to the last byte of its body: 12 MiB at 0.75 Mbit/s. The response may take
 * longer.
 */
export const requestTimeoutMs = 135_000;

/**
 * How long idle connections stay open. Load balancers close theirs after 60 s, and the server must not be the first
 * to close.
 */
export const keepAliveTimeoutMs = 65_000;

/** How long requests in progress may continue once the API is closing. */
export const apiCloseTimeoutMs = 3_000;

/**
 * Operators in one query of Restate's UI. Restate crashes on 2,000 in one expression, because its planner recurses
 * over them.
 */
export const maxRestateQueryOperators = 300;
export const maxRestateQueryParentheses = 30;

/** Request of Restate's UI to Restate: a query, or the ids of the invocations to operate on. */
export const maxRestateRequestBytes = MiB;

/** Response of Restate to its UI. A query without a limit would return all journals of the installation. */
export const maxRestateAnswerBytes = 64 * MiB;

/**
 * Time from a request of Restate's UI to the end of its response. Restate drops a query whose client has
 * disconnected.
 */
export const restateRequestTimeoutMs = 60_000;

/** Concurrent requests of Restate's UI, in total and per key. A browser makes six at a time. */
export const maxRestateRequests = 32;
export const maxRestateRequestsPerKey = 12;

/** Channels of a rule of alerts. */
export const maxAlertChannels = 10;

/** Recipients of one e-mail. */
export const maxAlertRecipients = 20;

/** How long a rule of alerts may stay quiet, and the longest run time and waiting time of a condition. */
export const maxAlertPeriodMs = 31 * 24 * 60 * 60_000;

/** Window of a failure rate. Executions are counted by minute for a day. */
export const maxRateWindowMs = 24 * 60 * 60_000;

/** Recordings of one replay check. */
export const maxCheckedRecordings = 500;

/** The reason for a deploy without a replay check, in characters. */
export const maxSkipReasonLength = 200;
