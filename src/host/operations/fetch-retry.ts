import { z } from "zod";
import { startDeadline } from "../../base/concurrency/deadline.ts";
import { parseHttpDate } from "../../base/time.ts";
import type { FetchAttempt } from "../../domain/execution.ts";
import { fetchTimeoutMs, maxFetchRetries } from "../../domain/limits.ts";
import { maxFetchRetryMs } from "../limits.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../network/http-client.ts";
import type { Waiting } from "../retry-clock.ts";

const durationMs = z.number().nonnegative();
const statuses = z.array(z.int()).max(1_000);

/** When a fetch is retried. The names are those of ky's options, and the guest runtime has filled in defaults. */
export const fetchRetry = z.strictObject({
  /** The maximum number of retries. */
  limit: z.int().nonnegative().max(maxFetchRetries),
  /** In capital letters. Requests with other methods are never retried. */
  methods: z.array(z.string()).max(100),
  statusCodes: statuses,
  /** The `statusCodes` whose `Retry-After` is respected. */
  afterStatusCodes: statuses,
  /** The delay before the first retry, in milliseconds. It doubles before each further one. */
  delay: durationMs,
  /** The maximum delay, in milliseconds. */
  backoffLimit: durationMs.exactOptional(),
  /** True to wait a random part of the delay. */
  jitter: z.boolean(),
  /** The maximum delay by `Retry-After`, in milliseconds. */
  maxRetryAfter: durationMs.exactOptional(),
  retryOnTimeout: z.boolean(),
});

/** The timeout of one attempt, in milliseconds. */
export const attemptTimeout = z.number().positive().max(fetchTimeoutMs);

export interface RetriedRequest extends HttpRequest {
  readonly retry?: z.infer<typeof fetchRetry> | undefined;
  /** The timeout of each attempt, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** The outcome of the last attempt, and all attempts in order. */
export type RetriedResponse = Attempt & { readonly attempts: readonly FetchAttempt[] };

type Attempt = { readonly response: HttpResponse } | { readonly error: FetchError };

export interface RetryTiming {
  /** Aborts when the workflow abandons the fetch, or when the attempt of the execution ends. */
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  readonly waiting: Waiting;
  /**
   * Waits until the next attempt may start, if its host has limits. Returns false if a retry would be due too late.
   *
   * @throws {FetchError} if the queue of the host cannot be reached
   */
  readonly isDue?: (url: string, signal: AbortSignal) => Promise<boolean>;
}

/**
 * Fetches with retries. After the last attempt, a response with an error status is returned like any other. No attempt starts
 * later than `maxFetchRetryMs` after the first one: to wait longer, a workflow can sleep and fetch again, which uses no
 * resources and survives a crash.
 *
 * @throws the reason of `signal`, once that is aborted
 */
export async function fetchWithRetries(
  http: Pick<HttpClient, "fetch">,
  request: RetriedRequest,
  { signal, clock, waiting, isDue = async () => true }: RetryTiming,
): Promise<RetriedResponse> {
  const attempts: FetchAttempt[] = [];
  const turn = async () => await takeTurn(request, { signal, isDue });
  let due = await turn();
  const lastStart = waiting.elapsed() + maxFetchRetryMs;
  for (;;) {
    const start = waiting.elapsed();
    const attempt =
      typeof due === "object"
        ? due
        : await attemptFetch(http, { ...request, resendCount: attempts.length }, signal);
    const ended = recordAttempt(attempt, waiting.elapsed() - start);
    const waitMs = waitBeforeRetry(request, attempt, { attempts: attempts.length + 1, now: clock() });
    const isLast = typeof due === "object" || waitMs === undefined || waiting.elapsed() + waitMs > lastStart;
    attempts.push(isLast ? ended : { ...ended, waitMs: Math.round(waitMs) });
    if (isLast) return { ...attempt, attempts };
    await waiting.wait(waitMs, signal);
    due = await turn();
    if (due === false) return { ...attempt, attempts };
  }
}

/** Returns an attempt that failed before its request, because the queue of the host cannot be reached, in place of `true`. */
async function takeTurn(
  { url }: RetriedRequest,
  { signal, isDue }: Required<Pick<RetryTiming, "signal" | "isDue">>,
): Promise<boolean | Extract<Attempt, { readonly error: FetchError }>> {
  try {
    return await isDue(url, signal);
  } catch (error) {
    if (error instanceof FetchError) return { error };
    throw error;
  }
}

function recordAttempt(attempt: Attempt, durationMs: number): FetchAttempt {
  const came = "error" in attempt ? { error: attempt.error.message } : { status: attempt.response.status };
  return { durationMs: Math.round(durationMs), ...came };
}

async function attemptFetch(
  http: Pick<HttpClient, "fetch">,
  { retry: _retry, timeout, ...request }: RetriedRequest,
  signal: AbortSignal,
): Promise<Attempt> {
  using deadline = timeout === undefined ? undefined : startDeadline(signal, timeout);
  try {
    return { response: await http.fetch(request, deadline?.signal ?? signal) };
  } catch (error) {
    // An aborted signal is not an outcome of the fetch.
    signal.throwIfAborted();
    if (deadline?.isOver !== true) return { error: FetchError.of(error) };
    return { error: new FetchError("fetch-timeout", `no complete response in ${timeout} ms (timeout)`) };
  }
}

/** Returns the milliseconds until the next attempt, or undefined if there is none. */
function waitBeforeRetry(
  { method, retry }: RetriedRequest,
  attempt: Attempt,
  { attempts, now }: { readonly attempts: number; readonly now: number },
): number | undefined {
  if (retry === undefined || attempts > retry.limit || !retry.methods.includes(method)) return undefined;
  if ("error" in attempt) return isPassing(attempt.error, retry) ? backoff(retry, attempts) : undefined;
  const { status } = attempt.response;
  if (!retry.statusCodes.includes(status)) return undefined;
  const { headers } = attempt.response;
  const askedMs = retry.afterStatusCodes.includes(status) ? retryAfterMs(headers, now) : undefined;
  if (askedMs !== undefined) return Math.min(askedMs, retry.maxRetryAfter ?? Infinity);
  // A request that is too large (413) is retried only if the server announces when it will accept it.
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

/** Parses `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. Returns undefined if it is missing or malformed. */
export function retryAfterMs(headers: HttpResponse["headers"], now: number): number | undefined {
  const text = headers.find(([name]) => name.toLowerCase() === "retry-after")?.[1].trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = parseHttpDate(text, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}
