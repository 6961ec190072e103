/**
 * Types for workflow authors.
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
 * A deploy needs no installed package: types are removed from the bundle, and Duranium provides the helpers
 * (`retry`, `mapConcurrent`).
 */

/** A JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * A duration: a number of milliseconds, a text of parts such as `"1h30m"`, `"5m"`, `"1.5s"`, `"250ms"`, `"2d"`, `"1w"`,
 * or an ISO 8601 duration of weeks, days, hours, minutes and seconds, `"P1DT12H"`. The maximum is 366 days.
 */
export type Duration = number | string;

/**
 * Flow control of a workflow: how many of its executions run, and when they start. The workflow's settings override it member
 * by member.
 *
 * ```ts
 * export const flow = {
 *   concurrency: { total: 20, perKey: 3, key: "/customer/id" },
 *   rateLimit: { limit: 100, period: "PT1M" },
 * } satisfies Flow;
 * ```
 */
export interface Flow {
  readonly concurrency?: {
    /** Executions that run at the same time. */
    readonly total?: number;
    /** Executions with the same key that run at the same time. */
    readonly perKey?: number;
    readonly key?: FlowKey;
    /**
     * `"run"`: an execution holds its slot from its start to its end, also while it sleeps or waits. `"active"`: it releases
     * the slot while all it does is sleep or wait, and acquires one again before it continues. By default `"run"`.
     */
    readonly holds?: "run" | "active";
  };
  readonly rateLimit?: {
    /** Executions that start in `period`, evenly spaced. */
    readonly limit: number;
    readonly period: string;
    /** Executions that may start at once; 1 by default. */
    readonly burst?: number;
    readonly key?: FlowKey;
    /** `"delay"` queues the others, `"reject"` refuses them with status 429. By default `"delay"`. */
    readonly mode?: "delay" | "reject";
  };
  /** An execution starts once no further one with its key was started for `period`. The earlier ones are skipped. */
  readonly debounce?: {
    readonly period: string;
    /** The longest delay since the first execution. */
    readonly max?: string;
    readonly key?: FlowKey;
  };
  /** At most one execution with the same key exists. */
  readonly singleton?: {
    readonly key?: FlowKey;
    /** `"skip"` skips the new execution, `"cancel-running"` cancels the one that runs. By default `"skip"`. */
    readonly mode?: "skip" | "cancel-running";
  };
  /** One execution receives the payloads of up to `size` executions, started within `period`, as an array. */
  readonly batch?: { readonly size: number; readonly period: string; readonly key?: FlowKey };
  /** Executions with a higher number start first: -10 to 10, or a JSON pointer to a number in the payload. */
  readonly priority?: number | { readonly key: string };
  /** The names of limits that several workflows share. */
  readonly limits?: readonly (string | { readonly name: string; readonly key?: FlowKey })[];
}

/** Divides executions into groups: a JSON pointer into the payload, `"entryPoint"`, or several of them. */
export type FlowKey = string | readonly string[];

/**
 * A schedule of a workflow, created, changed and removed with its deploys. Its id is `<workflow id>.<name>`.
 *
 * ```ts
 * export const schedules = [
 *   { cron: "0 9 * * 1-5", timeZone: "Europe/Berlin", entryPoint: "report" },
 * ] satisfies Schedule[];
 * ```
 *
 * The instants of `cron`, `every` and `at` are merged. Instants are RFC 3339 with their offset.
 */
export interface Schedule {
  /** 1 to 63 of `a-z`, `0-9` and `-`. By default `entryPoint` or the place in the list. */
  readonly name?: string;
  /**
   * Patterns of 5 fields, or of 6 with seconds first, in local time of `timeZone`. A local time that clocks skip in spring
   * runs once, at the moment of the change; one that they repeat in autumn runs once, the first time.
   */
  readonly cron?: string | readonly string[];
  /** An interval of one second or more, `"PT5M"`, counted from the Unix epoch and independent of time zones. */
  readonly every?: string;
  /** Shifts the instants of `every`. */
  readonly offset?: string;
  readonly at?: string | readonly string[];
  /** An IANA time zone such as `"Europe/Berlin"`; UTC by default. */
  readonly timeZone?: string;
  readonly startAt?: string;
  /** No instant is at or after this one. */
  readonly endAt?: string;
  /** Local dates without runs, `"2026-12-25"`. Both ends of a range are included. */
  readonly skip?: readonly (string | { readonly from: string; readonly to: string })[];
  /** Delays each start by less than this, by an amount that follows from the schedule and the instant. */
  readonly jitter?: string;
  /** What the workflow receives as `ctx.entryPoint`. */
  readonly entryPoint?: string;
  /** JSON; `null` by default. */
  readonly payload?: unknown;
  /** What happens at an instant while an earlier run is in progress; `"skip"` by default. */
  readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
  /** How far back instants are run that passed during an outage; one hour by default. Earlier ones are counted as missed. */
  readonly catchUp?: string;
  /** Pauses the schedule after this many failures in a row. */
  readonly pauseOnFailure?: number;
  /** The number of runs after which the schedule ends. */
  readonly remaining?: number;
  readonly note?: string;
}

/** The run of a schedule, in an execution that one started. */
export interface ScheduledRun {
  /** The id of the schedule. */
  readonly id: string;
  /** The instant that the schedule names, without jitter and delay, in ISO 8601. */
  readonly scheduledAt: string;
  /** The instant of the run before; absent in the first one. */
  readonly previousAt?: string;
}

/** Information about the execution, and the operations that Duranium adds to the web platform. The object is frozen. */
export interface WorkflowContext {
  /** The `entry-point` query parameter of the caller, or `undefined`. */
  readonly entryPoint: string | undefined;
  /** The ID of the workflow, such as `order-sync`. */
  readonly workflowId: string;
  /** The version to which this execution was pinned at its start: 1, 2, 3… */
  readonly version: number;
  /** Unique, and stable across attempts and replays of this execution: suitable as an idempotency key. */
  readonly executionId: string;
  /** Set if a schedule started this execution. */
  readonly schedule?: ScheduledRun;
  /**
   * Waits. A sleeping execution uses no memory and survives restarts of the machine.
   *
   * @throws {TypeError} (as a rejection) if `duration` cannot be parsed
   * @throws {RangeError} (as a rejection) if it is negative or longer than 366 days
   * @throws (as a rejection) `signal.reason` if `signal` is aborted first
   */
  sleep(duration: Duration, options?: SignalOption): Promise<void>;
  /**
   * Waits for an event that a caller sends to `/executions/<executionId>/events/<name>`, and resolves to its payload.
   * Events are stored until a wait receives them, including those sent before the wait. Events with the same name are
   * delivered in the order in which they were sent, each to one wait, the oldest wait first.
   *
   * A wait that lost a `Promise.race` is still active and receives the next event. To end a wait, set `timeout`
   * instead of racing, or abort its `signal`. To continue the same wait, pass its promise to the next race.
   *
   * @throws {DOMException} (as a rejection) `TimeoutError` if `timeout` expires first. A later event is
   *   delivered to the next wait
   * @throws (as a rejection) `signal.reason` if `signal` is aborted first
   */
  waitForEvent<Payload = JsonValue>(name: string, options?: WaitOptions): Promise<Payload>;
  /**
   * Creates a URL for another system: `promise` resolves to the JSON that the system posts to it. The URL accepts one
   * request, needs no API key, and cannot be guessed. `timeout` and `signal` are those of `waitForEvent`.
   */
  createCallback<Payload = JsonValue>(options?: WaitOptions): Callback<Payload>;
  /** Values that all executions of this workflow share, across versions. */
  readonly state: WorkflowState;
  /**
   * The workflow's secrets, as placeholders: `ctx.secrets.STRIPE_KEY` is a text that is replaced by the secret when a
   * `fetch` sends it in a header, in the query or in the body to a host for which the secret is set.
   */
  readonly secrets: WorkflowSecrets;
  /**
   * Executes the current version of another workflow and waits for its result. If this execution is cancelled or
   * `signal` aborts, the called execution is cancelled too.
   *
   * @throws (as a rejection) the failure of the called execution: an error with its `name`, `message` and `code`
   */
  call<Result = JsonValue>(workflowId: string, options?: CallOptions): Promise<Result>;
  /** Starts an execution of another workflow, after `delay`, and does not wait for its result. */
  send(workflowId: string, options?: SendOptions): Promise<{ readonly executionId: string }>;
  /**
   * Gives the execution tags, by which lists find it, in addition to those of the caller: `await ctx.tag("customer:42")`. Tags
   * are not removed; one that the workflow has set before changes nothing.
   *
   * @throws {TypeError} (as a rejection) if a tag is not 1 to 64 letters, digits and `. _ : / = @ -`, beginning with a letter
   *   or digit
   * @throws {RangeError} (as a rejection) if the workflow has set more than 10 then; none of the given ones is set
   */
  tag(...tags: readonly string[]): Promise<void>;
}

/** `AbortController` and `AbortSignal.timeout` are durable, like every timer. */
export interface SignalOption {
  readonly signal?: AbortSignal;
}

export interface WaitOptions extends SignalOption {
  /** The maximum time to wait. */
  readonly timeout?: Duration;
}

export interface Callback<Payload = JsonValue> {
  readonly url: string;
  /** Rejects as `waitForEvent` does. */
  readonly promise: Promise<Payload>;
}

export interface CallOptions extends SignalOption {
  /** `ctx.entryPoint` of the called workflow. */
  readonly entryPoint?: string;
  /** JSON. Defaults to `null`. */
  readonly payload?: unknown;
}

export interface SendOptions extends CallOptions {
  readonly delay?: Duration;
  /** The time at which the execution starts, instead of `delay`: RFC 3339, or a `Date`. Immediately if it has passed. */
  readonly at?: string | Date;
}

/** Durable key-value state. Keys have 1 to 256 characters; values are JSON of up to 256 KiB. */
export interface WorkflowState {
  /** Resolves to `undefined` if the key has no value. */
  get<Value = JsonValue>(key: string, options?: SignalOption): Promise<Value | undefined>;
  set(key: string, value: unknown, options?: SignalOption): Promise<void>;
  delete(key: string, options?: SignalOption): Promise<void>;
  /** All keys, sorted. */
  keys(options?: SignalOption): Promise<string[]>;
  /**
   * Replaces a value with the result of `change` and resolves to the new value; `undefined` deletes it. The update is
   * atomic: if another execution writes the key in the meantime, `change` is called again with the newer value.
   */
  update<Value = JsonValue>(
    key: string,
    change: (value: Value | undefined) => Value | undefined | Promise<Value | undefined>,
    options?: SignalOption,
  ): Promise<Value | undefined>;
}

export interface WorkflowSecrets {
  /** The placeholder of the secret with this name: capital letters, digits and `_`. A missing secret is detected when it is sent. */
  readonly [name: Uppercase<string>]: string;
  /**
   * Signs data with a secret (HMAC-SHA-256, RFC 2104), outside the sandbox. Returns 32 bytes. A string is signed as UTF-8.
   *
   * @throws {TypeError} (as a rejection) if the workflow has no secret with this name
   */
  hmacSha256(name: string, data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

export interface RetryOptions extends SignalOption {
  /** Maximum number of attempts, including the first. Defaults to 5. */
  readonly attempts?: number;
  /** Delay before the second attempt. Defaults to 1000. Random jitter shortens each delay by up to half. */
  readonly delayMs?: number;
  /** Factor by which each delay grows. Defaults to 2. */
  readonly factor?: number;
  /** Maximum delay. Defaults to 60000. */
  readonly maxDelayMs?: number;
  /** Returns whether to retry after this error. `attempt` counts from 1. */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean | Promise<boolean>;
}

/**
 * Retry options of a `fetch`, with the names that ky uses. Responses with one of `statusCodes` and failed connections
 * are retried with increasing delays. After the last attempt, `fetch` returns its response or rejects with its error.
 * No attempt starts later than 50 seconds after the first; to wait longer, call `ctx.sleep` and fetch again.
 * Times are in milliseconds.
 */
export interface FetchRetryOptions {
  /** Maximum number of retries after the first attempt, up to 20. Defaults to 2. */
  readonly limit?: number;
  /** Defaults to the idempotent methods: `GET`, `PUT`, `HEAD`, `DELETE` and `OPTIONS`. */
  readonly methods?: readonly string[];
  /** Defaults to 408, 413, 429, 500, 502, 503 and 504; 413 is retried only with a `Retry-After`. */
  readonly statusCodes?: readonly number[];
  /** Status codes whose `Retry-After` is respected. Defaults to 413, 429 and 503. */
  readonly afterStatusCodes?: readonly number[];
  /** Delay before the first retry, doubled for each further retry. Defaults to 1000. */
  readonly delay?: number;
  /** Maximum of the doubled delay. */
  readonly backoffLimit?: number;
  /** Randomizes the delay, so that clients that failed together do not retry together. */
  readonly jitter?: boolean;
  /** Maximum delay from a `Retry-After`. A `Retry-After` beyond the remaining time ends the retries. */
  readonly maxRetryAfter?: number;
  /** Whether an attempt that exceeds `timeout` is retried. */
  readonly retryOnTimeout?: boolean;
}

declare global {
  /** Options of `fetch` in addition to the standard ones. */
  interface RequestInit {
    /** Maximum number of retries, or retry options. Defaults to no retries. All attempts are one step. */
    retry?: number | boolean | FetchRetryOptions;
    /**
     * Timeout of each attempt in milliseconds, at most 60000. When it expires, the fetch rejects with a `TimeoutError`.
     */
    timeout?: number | false;
  }
}

/**
 * Calls `operation` until it does not throw, with durable delays in between. A `CancelledError` is not retried.
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
  /** Maximum number of concurrent operations: 1 or more. */
  readonly concurrency: number;
}

/**
 * Calls `operation` for each of `items` and resolves to the results in the order of the items. After the first
 * failure, no further operation starts, and the promise rejects with that failure.
 */
export function mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  operation: (item: Item, index: number) => Result | Promise<Result>,
  options: MapOptions,
): Promise<Result[]>;

/**
 * The function that a workflow exports as `run`. Its result must be JSON; a thrown error is the execution's failure.
 *
 * When the execution is cancelled, every pending `fetch` and `ctx` call rejects with an error whose `name` is
 * `"CancelledError"` and whose `code` is `"cancelled"`. `catch` and `finally` can still make calls to clean up, for
 * 20 seconds; then the execution ends as cancelled, whatever `run` returns. Callbacks of `setTimeout` and
 * `setInterval` are no longer called: use `ctx.sleep` if cleanup is needed.
 *
 * ```ts
 * export const run: Run<Order, Receipt> = async (ctx, order) => { … };
 * ```
 */
export type Run<Payload = JsonValue, Result = unknown> = (
  ctx: WorkflowContext,
  payload: Payload,
) => Result | Promise<Result>;
