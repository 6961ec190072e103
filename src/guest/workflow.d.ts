/**
 * The types of a workflow's author.
 *
 * ```ts
 * import type { WorkflowContext } from "duranium";
 *
 * export async function run(ctx: WorkflowContext, order: Order) {
 *   await ctx.sleep("5m");
 *   return { shipped: order.id };
 * }
 * ```
 *
 * The import is of types only: nothing of it is in the bundle, and nothing needs to be installed to deploy.
 */

/** What JSON can carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * How long: a number of milliseconds; or parts like `"1h30m"`, `"5m"`, `"1.5s"`, `"250ms"`, `"2d"`, `"1w"`;
 * or an ISO 8601 duration of weeks, days, hours, minutes and seconds, `"P1DT12H"`. At most 366 days.
 */
export type Duration = number | string;

/** What an execution knows of itself, and what it can ask of Duranium beyond the web platform. Frozen. */
export interface WorkflowContext {
  /** What the caller passed as `?entry-point=`; `undefined` where nothing was. */
  readonly entryPoint: string | undefined;
  /** The workflow's id: `order-sync`. */
  readonly workflowId: string;
  /** The version that this execution was pinned to when it began: 1, 2, 3… */
  readonly version: number;
  /** Unique, and the same across every retry of this execution: a good idempotency key. */
  readonly executionId: string;
  /**
   * Waits. Nothing is held in memory meanwhile, and a restart of the machine does not matter.
   *
   * @throws {TypeError} (as a rejection) where `duration` cannot be read
   * @throws {RangeError} (as a rejection) where it is negative, or longer than 366 days
   * @throws (as a rejection) `signal.reason` where `signal` is aborted before the time is over
   */
  sleep(duration: Duration, options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/**
 * When a `fetch` is sent again, by ky's names. Responses with one of `statusCodes` and failed connections are
 * tried again, waiting longer each time; when all attempts failed, `fetch` gives what the last one gave. No
 * attempt begins later than 50 seconds after the first one: to wait for longer, `ctx.sleep` and fetch again.
 * Times are in milliseconds.
 */
export interface RetryOptions {
  /** How often at most, after the first attempt: 2 unless given, up to 20. */
  readonly limit?: number;
  /** `GET`, `PUT`, `HEAD`, `DELETE` and `OPTIONS` unless given: what may be sent twice without harm. */
  readonly methods?: readonly string[];
  /** 408, 413, 429, 500, 502, 503 and 504 unless given; 413 with a `Retry-After` only. */
  readonly statusCodes?: readonly number[];
  /** Those whose `Retry-After` is waited for: 413, 429 and 503 unless given. */
  readonly afterStatusCodes?: readonly number[];
  /** Before the first retry, doubled before each further one: 1000 unless given. */
  readonly delay?: number;
  /** The longest that is waited so. */
  readonly backoffLimit?: number;
  /** Waits a random part of the time, so that many who failed together do not come back together. */
  readonly jitter?: boolean;
  /** The longest that a `Retry-After` counts for. One that asks for more time than there is ends the retries. */
  readonly maxRetryAfter?: number;
  /** Whether an attempt that took longer than `timeout` is tried again. */
  readonly retryOnTimeout?: boolean;
}

declare global {
  /** What `fetch` takes beside the standard's options. */
  interface RequestInit {
    /** How often at most, or when: nothing is sent again unless this is given. The attempts are one step. */
    retry?: number | RetryOptions;
    /** For each attempt, up to 60000 milliseconds; the fetch then rejects with a `TimeoutError`. */
    timeout?: number | false;
  }
}

/**
 * What a workflow exports as `run`. The result must be JSON; what is thrown is the execution's failure.
 *
 * ```ts
 * export const run: Run<Order, Receipt> = async (ctx, order) => { … };
 * ```
 */
export type Run<Payload = JsonValue, Result = unknown> = (
  ctx: WorkflowContext,
  payload: Payload,
) => Result | Promise<Result>;
