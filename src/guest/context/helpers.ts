/**
 * The values that a workflow can import from "duranium": plain code on top of `ctx`, bundled with the workflow. It
 * needs nothing from the runtime, and its waits are durable because `ctx.sleep` is.
 */
import type { MapOptions, RetryOptions, WorkflowContext } from "@duranium/workflow";

export async function retry<T>(
  ctx: Pick<WorkflowContext, "sleep">,
  operation: (attempt: number) => T | Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  if (typeof operation !== "function") throw new TypeError("retry takes ctx, and then the function to try");
  const { attempts = 5, signal, shouldRetry = () => true } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      const isLast = attempt >= attempts || isCancellation(error) || signal?.aborted === true;
      if (isLast || !(await shouldRetry(error, attempt))) throw error;
    }
    await ctx.sleep(delayBefore(attempt, options), signal === undefined ? {} : { signal });
  }
}

export async function mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  operation: (item: Item, index: number) => Result | Promise<Result>,
  { concurrency }: MapOptions,
): Promise<Result[]> {
  if (!(concurrency >= 1)) throw new RangeError("The concurrency must be 1 or more");
  const results: Result[] = [];
  const rest = Array.from(items).entries();
  let isFailed = false;
  async function work(): Promise<void> {
    for (const [index, item] of rest) {
      if (isFailed) return;
      try {
        results[index] = await operation(item, index);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.floor(Math.min(concurrency, 1_000)) }, work));
  return results;
}

/**
 * Exponential back-off, shortened at random by up to a half so that callers that failed together do not retry
 * together.
 */
function delayBefore(
  attempt: number,
  { delayMs = 1_000, factor = 2, maxDelayMs = 60_000 }: RetryOptions,
): number {
  const longest = Math.min(delayMs * factor ** (attempt - 1), maxDelayMs);
  return Math.round(longest * (1 - Math.random() / 2));
}

/** A cancelled execution must not retry: its grace period is for cleaning up. */
function isCancellation(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "cancelled";
}
