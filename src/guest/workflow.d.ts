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
