import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { Image } from "./image.ts";
import type { LoadedEngine } from "./instance.ts";
import { imageOf, loadTestEngine, testContext } from "./testing/images.ts";
import type { WorkerThread } from "./worker-thread.ts";
import { startThreads } from "./worker-threads.ts";

describe("worker threads", () => {
  let engine: LoadedEngine;
  let short: Image;
  let endless: Image;

  beforeAll(async () => {
    engine = await loadTestEngine();
    short = await imageOf(engine, "export const run = () => 1;");
    endless = await imageOf(engine, "export function run() { for (;;); }");
  });

  it("keep one that gave way for guests that take long, and no others", async () => {
    await using threads = startThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: false });
    expect(await takeLong(first)).toBe(true);
    expect(first.hasGivenWay).toBe(true);
    expect(threads.place({ engine, isLong: true })).toBe(first);
    expect(threads.placeElsewhere({ engine, isLong: true })).toBe(first);
    const other = threads.place({ engine, isLong: false });
    expect(other).not.toBe(first);
    expect(other.hasGivenWay).toBe(false);
  });

  it("serve a guest that takes long on one that did not give way, where no other is free", async () => {
    await using threads = startThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: true });
    expect(first.hasGivenWay).toBe(false);
    const over = takeLong(first);
    while (!first.hasGivenWay) await delay(5);
    const second = threads.place({ engine, isLong: true });
    expect(second).not.toBe(first);
    await over;
  });

  it("end those that gave way and are not needed", async () => {
    await using threads = startThreads({ workers: 1 });
    const first = threads.place({ engine, isLong: false });
    const firstOver = takeLong(first);
    while (first.isOpen) await delay(5);
    const second = threads.place({ engine, isLong: false });
    expect(second).not.toBe(first);
    await Promise.all([firstOver, takeLong(second)]);
    expect([first.hasGivenWay, second.hasGivenWay]).toEqual([true, true]);
    threads.place({ engine, isLong: false });
    expect([first.hasEnded, second.hasEnded]).toEqual([false, true]);
  });

  /** Answers whether it was said that the turn took long. */
  async function takeLong(thread: WorkerThread): Promise<boolean> {
    let isTold = false;
    const guest = thread.open(() => (isTold = true));
    const limits = { ...defaultExecutionLimits, turnFuel: 1e9 };
    await turn(thread, { guest, image: endless, limits });
    thread.close(guest);
    const after = thread.open();
    await turn(thread, { guest: after, image: short, limits });
    thread.close(after);
    return isTold;
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
