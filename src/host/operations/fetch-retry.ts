import { z } from "zod";
import { startDeadline } from "../../base/deadline.ts";
import { parseHttpDate } from "../../base/time.ts";
import type { FetchAttempt } from "../../domain/execution.ts";
import { fetchTimeoutMs, maxFetchRetries, maxFetchRetryMs } from "../../domain/limits.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../network/http-client.ts";
import type { Waiting } from "../retry-clock.ts";

const durationMs = z.number().nonnegative();
const statuses = z.array(z.int()).max(1_000);

/** When a fetch is tried again, by the names of ky's options. The guest runtime has filled in what is unsaid. */
export const fetchRetry = z.strictObject({
  /** How many attempts may follow the first one. */
  limit: z.int().nonnegative().max(maxFetchRetries),
  /** Capital letters. Others are not tried again, whatever comes back. */
  methods: z.array(z.string()).max(100),
  statusCodes: statuses,
  /** Those of `statusCodes` whose `Retry-After` counts. */
  afterStatusCodes: statuses,
  /** Before the first retry, in milliseconds; doubled before each further one. */
  delay: durationMs,
  /** The longest of those, in milliseconds. */
  backoffLimit: durationMs.exactOptional(),
  /** Whether to wait any time up to the delay instead of all of it. */
  jitter: z.boolean(),
  /** The most that a `Retry-After` counts for, in milliseconds. */
  maxRetryAfter: durationMs.exactOptional(),
  retryOnTimeout: z.boolean(),
});

/** One attempt, in milliseconds. */
export const attemptTimeout = z.number().positive().max(fetchTimeoutMs);

export interface RetriedRequest extends HttpRequest {
  readonly retry?: z.infer<typeof fetchRetry> | undefined;
  /** Of each attempt, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** How the last attempt ended, and all of them in their order. */
export type RetriedResponse = Attempt & { readonly attempts: readonly FetchAttempt[] };

type Attempt = { readonly response: HttpResponse } | { readonly error: FetchError };

export interface RetryTiming {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  readonly waiting: Waiting;
}

/**
 * A fetch with its retries. What comes back in the end is a response as well, whatever its status. No
 * attempt begins later than `maxFetchRetryMs` after the first one: who must wait for longer has the answer
 * and sleeps in the workflow, where waiting costs nothing and survives a crash.
 *
 * @throws the reason of `signal`, once that aborted
 */
export async function fetchWithRetries(
  http: HttpClient,
  request: RetriedRequest,
  { signal, clock, waiting }: RetryTiming,
): Promise<RetriedResponse> {
  const lastBeginning = waiting.elapsed() + maxFetchRetryMs;
  const attempts: FetchAttempt[] = [];
  for (;;) {
    const begin = waiting.elapsed();
    const attempt = await attemptFetch(http, { ...request, resendCount: attempts.length }, signal);
    const ended = recordAttempt(attempt, waiting.elapsed() - begin);
    const waitMs = waitBeforeRetry(request, attempt, { attempts: attempts.length + 1, now: clock() });
    const isLast = waitMs === undefined || waiting.elapsed() + waitMs > lastBeginning;
    attempts.push(isLast ? ended : { ...ended, waitMs: Math.round(waitMs) });
    if (isLast) return { ...attempt, attempts };
    await waiting.wait(waitMs, signal);
  }
}

function recordAttempt(attempt: Attempt, durationMs: number): FetchAttempt {
  const came = "error" in attempt ? { error: attempt.error.message } : { status: attempt.response.status };
  return { durationMs: Math.round(durationMs), ...came };
}

async function attemptFetch(
  http: HttpClient,
  { retry: _retry, timeout, ...request }: RetriedRequest,
  signal: AbortSignal,
): Promise<Attempt> {
  using deadline = timeout === undefined ? undefined : startDeadline(signal, timeout);
  try {
    return { response: await http.fetch(request, deadline?.signal ?? signal) };
  } catch (error) {
    // Nobody waits any more, or the attempt of the execution is over: that is no outcome of the fetch.
    signal.throwIfAborted();
    if (deadline?.isOver !== true) return { error: FetchError.of(error) };
    return { error: new FetchError("fetch-timeout", `no complete response in ${timeout} ms (timeout)`) };
  }
}

/** Milliseconds until the next attempt; `undefined` where there is to be none. */
function waitBeforeRetry(
  { method, retry }: RetriedRequest,
  attempt: Attempt,
  { attempts, now }: { readonly attempts: number; readonly now: number },
): number | undefined {
  if (retry === undefined || attempts > retry.limit || !retry.methods.includes(method)) return undefined;
  if ("error" in attempt) return isPassing(attempt.error, retry) ? backoff(retry, attempts) : undefined;
  const { status } = attempt.response;
  if (!retry.statusCodes.includes(status)) return undefined;
  const askedMs = retry.afterStatusCodes.includes(status) ? retryAfter(attempt.response, now) : undefined;
  if (askedMs !== undefined) return Math.min(askedMs, retry.maxRetryAfter ?? Infinity);
  // A body that is too large stays so, unless the server says when it will not be.
  return status === 413 ? undefined : backoff(retry, attempts);
}

type Retry = z.infer<typeof fetchRetry>;

function isPassing({ code }: FetchError, { retryOnTimeout }: Retry): boolean {
  return code === "fetch-failed" || (code === "fetch-timeout" && retryOnTimeout);
}

function backoff({ delay: firstMs, backoffLimit = Infinity, jitter }: Retry, attempts: number): number {
  const waitMs = Math.min(firstMs * 2 ** (attempts - 1), backoffLimit);
  return jitter ? Math.random() * waitMs : waitMs;
}

/** RFC 9110, section 10.2.3: seconds, or a date. `undefined` where there is none that can be read. */
function retryAfter({ headers }: HttpResponse, now: number): number | undefined {
  const text = headers.find(([name]) => name.toLowerCase() === "retry-after")?.[1].trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = parseHttpDate(text, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}
