import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { Image } from "../instances/engine-state.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { imageOf, loadTestEngine, testContext } from "../testing/images.ts";
import { lowerPriorityAfterMs } from "./limits.ts";
import type { WorkerThread } from "./worker-thread.ts";
import { WorkerThreads } from "./worker-threads.ts";

describe("worker threads", () => {
  let engine: LoadedEngine;
  let short: Image;
  let endless: Image;

  beforeAll(async () => {
    engine = await loadTestEngine();
    short = await imageOf(engine, "export const run = () => 1;");
    endless = await imageOf(engine, "export function run() { for (;;); }");
  });

  test("a low-priority thread is kept for long guests only", async () => {
    await using threads = new WorkerThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: false });
    const told = await takeLong(first);
    expect(told[0]).toBe(lowerPriorityAfterMs);
    expect(told.at(-1)).toBeGreaterThan(lowerPriorityAfterMs);
    expect(first.isLowPriority).toBe(true);
    expect(threads.place({ engine, isLong: true })).toBe(first);
    expect(threads.placeElsewhere({ engine, isLong: true })).toBe(first);
    const other = threads.place({ engine, isLong: false });
    expect(other).not.toBe(first);
    expect(other.isLowPriority).toBe(false);
  });

  test("a long guest gets a low-priority thread, up to the number of concurrent threads", async () => {
    await using threads = new WorkerThreads({ workers: 2 });
    const placed = [0, 1, 2].map(() => {
      const thread = threads.place({ engine, isLong: true });
      thread.open();
      return thread;
    });
    expect(placed.map(({ isLowPriority }) => isLowPriority)).toEqual([true, true, true]);
    expect(new Set(placed).size).toBe(2);
  });

  test("a long guest runs at normal priority if no low-priority thread is free", async () => {
    await using threads = new WorkerThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: true });
    const over = takeLong(first);
    while (first.isOpen) await delay(5);
    const second = threads.place({ engine, isLong: true });
    expect(second).not.toBe(first);
    expect(second.isLowPriority).toBe(false);
    await over;
  });

  test("surplus low-priority threads end", async () => {
    await using threads = new WorkerThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: false });
    const firstOver = takeLong(first);
    while (first.isOpen) await delay(5);
    const second = threads.place({ engine, isLong: false });
    expect(second).not.toBe(first);
    await Promise.all([firstOver, takeLong(second)]);
    expect([first.isLowPriority, second.isLowPriority]).toEqual([true, true]);
    threads.place({ engine, isLong: false });
    expect([first.hasEnded, second.hasEnded]).toEqual([false, true]);
  });

  /** Returns the computed times that were reported for the turn. */
  async function takeLong(thread: WorkerThread): Promise<readonly number[]> {
    const told: number[] = [];
    const guest = thread.open((computedMs) => told.push(computedMs));
    const limits = { ...defaultExecutionLimits, turnFuel: 1e9 };
    await turn(thread, { guest, image: endless, limits });
    thread.close(guest);
    const after = thread.open();
    await turn(thread, { guest: after, image: short, limits });
    thread.close(after);
    return told;
  }

  async function turn(
    thread: WorkerThread,
    given: { guest: number; image: Image; limits: typeof defaultExecutionLimits },
  ): Promise<unknown> {
    const payload = new TextEncoder().encode("null");
    const { digest: engineDigest } = engine;
    return await thread.turn({
      kind: "run",
      owner: "inv_tested",
      engineDigest,
      context: testContext,
      payload,
      ...given,
    });
  }
});
