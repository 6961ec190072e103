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
 * Nothing needs to be installed to deploy: types leave nothing in the bundle, and the helpers (`retry`,
 * `mapConcurrent`) are there.
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
  sleep(duration: Duration, options?: SignalOption): Promise<void>;
  /**
   * The payload of an event that somebody posts to `/executions/<executionId>/events/<name>`. Events are kept until
   * they are waited for, also those that came before; several of one name are delivered in the order in which
   * they were posted, each to one wait, the oldest first.
   *
   * A wait that lost a `Promise.race` still waits, and takes the next event. To give it up, race nothing and say
   * `timeout`, or abort its `signal`; to go on with it, keep its promise for the next race.
   *
   * @throws {DOMException} (as a rejection) `TimeoutError` where `timeout` is over first. An event that comes
   *   later is for the next wait
   * @throws (as a rejection) `signal.reason` where `signal` is aborted first
   */
  waitForEvent<Payload = JsonValue>(name: string, options?: WaitOptions): Promise<Payload>;
  /**
   * An address for another system: what it posts there, JSON, is what `promise` resolves to. It works once,
   * needs no API key, and cannot be guessed. `timeout` and `signal` are those of `waitForEvent`.
   */
  createCallback<Payload = JsonValue>(options?: WaitOptions): Callback<Payload>;
  /** Values that all executions of this workflow share, whatever their version. */
  readonly state: WorkflowState;
  /**
   * The workflow's secrets, as placeholders: `ctx.secrets.STRIPE_KEY` is a text that becomes the secret when a
   * `fetch` leaves with it, in a header, in the query or in the body, towards the hosts that the secret is for.
   */
  readonly secrets: WorkflowSecrets;
  /**
   * Executes another workflow, in its current version, and waits for its result. When this execution is
   * cancelled, or `signal` aborts, that one is cancelled too.
   *
   * @throws (as a rejection) the failure of that execution: an error with its `name`, `message` and `code`
   */
  call<Result = JsonValue>(workflowId: string, options?: CallOptions): Promise<Result>;
  /** Begins an execution of another workflow, after `delay`, and does not wait for it. */
  send(workflowId: string, options?: SendOptions): Promise<{ readonly executionId: string }>;
}

/** `AbortController` and `AbortSignal.timeout` are durable, like every timer. */
export interface SignalOption {
  readonly signal?: AbortSignal;
}

export interface WaitOptions extends SignalOption {
  /** How long at most. */
  readonly timeout?: Duration;
}

export interface Callback<Payload = JsonValue> {
  readonly url: string;
  /** Rejects as `waitForEvent` does. */
  readonly promise: Promise<Payload>;
}

export interface CallOptions extends SignalOption {
  /** What the workflow finds in its `ctx.entryPoint`. */
  readonly entryPoint?: string;
  /** JSON; `null` where there is none. */
  readonly payload?: unknown;
}

export interface SendOptions extends CallOptions {
  readonly delay?: Duration;
}

/** Durable key-value state. Keys are of 1 to 256 characters, values are JSON of 256 KiB at most. */
export interface WorkflowState {
  /** `undefined` where there is no value. */
  get<Value = JsonValue>(key: string, options?: SignalOption): Promise<Value | undefined>;
  set(key: string, value: unknown, options?: SignalOption): Promise<void>;
  delete(key: string, options?: SignalOption): Promise<void>;
  /** Sorted. */
  keys(options?: SignalOption): Promise<string[]>;
  /**
   * Replaces a value by what `change` makes of it, and answers with that; `undefined` deletes it. Nobody else's
   * write comes in between: where one does, `change` is called again with the newer value.
   */
  update<Value = JsonValue>(
    key: string,
    change: (value: Value | undefined) => Value | undefined | Promise<Value | undefined>,
    options?: SignalOption,
  ): Promise<Value | undefined>;
}

export interface WorkflowSecrets {
  /** The placeholder of the secret of this name: capital letters, digits and `_`. Whether there is one shows when it is sent. */
  readonly [name: Uppercase<string>]: string;
  /**
   * Signs with a secret (HMAC-SHA-256, RFC 2104), outside of the sandbox: 32 bytes. A string is signed as UTF-8.
   *
   * @throws {TypeError} (as a rejection) where there is no such secret
   */
  hmacSha256(name: string, data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

export interface RetryOptions extends SignalOption {
  /** In all, the first one included; 5 where nothing is said. */
  readonly attempts?: number;
  /** Before the second attempt; 1000 where nothing is said. Each delay is at random up to a half shorter. */
  readonly delayMs?: number;
  /** By what each delay is longer than the one before; 2 where nothing is said. */
  readonly factor?: number;
  /** 60000 where nothing is said. */
  readonly maxDelayMs?: number;
  /** Whether to try again after this error of that attempt: 1, 2, 3… */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean | Promise<boolean>;
}

/**
 * When a `fetch` is sent again, by ky's names. Responses with one of `statusCodes` and failed connections are
 * tried again, waiting longer each time; when all attempts failed, `fetch` gives what the last one gave. No
 * attempt begins later than 50 seconds after the first one: to wait for longer, `ctx.sleep` and fetch again.
 * Times are in milliseconds.
 */
export interface FetchRetryOptions {
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
    retry?: number | boolean | FetchRetryOptions;
    /**
     * For each attempt, in milliseconds; the fetch then rejects with a `TimeoutError`. An attempt takes 60000 at most,
     * whatever is said here.
     */
    timeout?: number | false;
  }
}

/**
 * Calls `operation` until it does not throw, with durable delays in between. A `CancelledError` is thrown on at once.
 *
 * ```ts
 * import { retry } from "duranium";
 *
 * const report = await retry(ctx, async () => await fetchReport(), { attempts: 10 });
 * ```
 *
 * @throws (as a rejection) the error of the last attempt
 */
export function retry<T>(
  ctx: Pick<WorkflowContext, "sleep">,
  operation: (attempt: number) => T | Promise<T>,
  options?: RetryOptions,
): Promise<T>;

export interface MapOptions {
  /** How many at once at most: 1 or more. */
  readonly concurrency: number;
}

/**
 * What `operation` makes of each of `items`, in their order. After the first failure nothing more is begun, and
 * that is what it rejects with.
 */
export function mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  operation: (item: Item, index: number) => Result | Promise<Result>,
  options: MapOptions,
): Promise<Result[]>;

/**
 * What a workflow exports as `run`. The result must be JSON; what is thrown is the execution's failure.
 *
 * When somebody cancels the execution, everything that it waits for (`fetch` and what `ctx` has) rejects with an
 * error whose `name` is `"CancelledError"` and whose `code` is `"cancelled"`. `catch` and `finally` can still make
 * calls to clean up, for 20 seconds; then the execution ends as cancelled, whatever `run` returns. The callbacks
 * of `setTimeout` and `setInterval` are not called any more: wait with `ctx.sleep` where there is something to
 * clean up.
 *
 * ```ts
 * export const run: Run<Order, Receipt> = async (ctx, order) => { … };
 * ```
 */
export type Run<Payload = JsonValue, Result = unknown> = (
  ctx: WorkflowContext,
  payload: Payload,
) => Result | Promise<Result>;
