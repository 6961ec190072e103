import { describe, expect, test } from "vitest";
import { mapConcurrent, retry } from "./helpers.ts";

/** A context that records the durations of its sleeps. */
function sleeper() {
  const slept: number[] = [];
  return { slept, sleep: async (duration: number | string) => void slept.push(Number(duration)) };
}

function failing(times: number, error: unknown = new Error("not yet")) {
  return (attempt: number) => {
    if (attempt <= times) throw error;
    return attempt;
  };
}

describe("retry", () => {
  test("retry calls again after growing delays and returns the first success", async () => {
    const ctx = sleeper();
    expect(await retry(ctx, failing(3), { delayMs: 100, maxDelayMs: 250 })).toBe(4);
    const [first = 0, second = 0, third = 0] = ctx.slept;
    expect(ctx.slept).toHaveLength(3);
    for (const [slept, longest] of [
      [first, 100],
      [second, 200],
      [third, 250],
    ] as const) {
      expect(slept).toBeGreaterThanOrEqual(longest / 2);
      expect(slept).toBeLessThanOrEqual(longest);
    }
  });

  test("retry rejects with the last error after its attempts are used up", async () => {
    const ctx = sleeper();
    await expect(retry(ctx, failing(9), { attempts: 3 })).rejects.toThrow("not yet");
    expect(ctx.slept).toHaveLength(2);
  });

  test("retry without a context fails with its expected arguments", async () => {
    const withoutContext = retry as unknown as (operation: () => Promise<void>) => Promise<void>;
    await expect(withoutContext(async () => {})).rejects.toThrow(
      "retry takes ctx, and then the function to try",
    );
  });

  test("retry does not repeat a cancelled call or an error that is not retryable", async () => {
    const ctx = sleeper();
    const cancelled = Object.assign(new Error("over"), { code: "cancelled" });
    await expect(retry(ctx, failing(1, cancelled))).rejects.toBe(cancelled);
    await expect(retry(ctx, failing(1), { shouldRetry: () => false })).rejects.toThrow("not yet");
    expect(ctx.slept).toEqual([]);
  });
});

describe("mapConcurrent", () => {
  test("mapConcurrent stays within its concurrency and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrent(
      [5, 1, 4, 2, 3],
      async (item, index) => {
        most = Math.max(most, ++running);
        for (let hops = 0; hops < item; hops += 1) await Promise.resolve();
        running -= 1;
        return [item, index];
      },
      { concurrency: 2 },
    );
    expect(most).toBe(2);
    expect(results).toEqual([5, 1, 4, 2, 3].map((item, index) => [item, index]));
  });

  test("mapConcurrent starts nothing after the first failure, and rejects with it", async () => {
    const begun: number[] = [];
    const mapped = mapConcurrent(
      [1, 2, 3, 4],
      async (item) => {
        begun.push(item);
        if (item === 1) throw new Error("one");
        await Promise.resolve();
      },
      { concurrency: 2 },
    );
    await expect(mapped).rejects.toThrow("one");
    expect(begun).toEqual([1, 2]);
  });

  test("mapConcurrent requires a concurrency", async () => {
    await expect(mapConcurrent([1], (item) => item, { concurrency: 0 })).rejects.toThrow(RangeError);
  });
});
