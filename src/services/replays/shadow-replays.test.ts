import { expect, test } from "vitest";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { Recording } from "../../recordings/recording.ts";
import { silentLogger } from "../../stores/testing/logger.ts";
import { startShadowReplays } from "./shadow-replays.ts";
import type { EndedExecution, ShadowReplayOptions } from "./shadow-replays.ts";

const outcome = { kind: "completed", result: null } as const;

/** Collects which executions are replayed, until `count` of them are. */
function sampling(given: Partial<ShadowReplayOptions> & { readonly count: number }) {
  const { count, ...options } = given;
  const replayed: string[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let time = 1_000_000;
  const shadows = startShadowReplays({
    share: 1,
    perMinute: 100,
    readRecording: async () => ({ outcome }) as unknown as Recording,
    replay: async () => ({ outcome: "same" }),
    onReplayed({ executionId }) {
      replayed.push(executionId);
      if (replayed.length === count) resolve();
    },
    onDifferent: () => {},
    // Time passes quickly, so that nothing waits.
    now: () => (time += 60_000),
    random: () => 0.5,
    logger: silentLogger,
    ...options,
  });
  return { shadows, replayed, enough };
}

function end(number: number, more: Partial<EndedExecution> = {}): EndedExecution {
  return {
    executionId: `inv_${number}` as ExecutionId,
    workflowId: "orders" as WorkflowId,
    outcome: "completed",
    fuelUsed: 1,
    ...more,
  };
}

test("a sample of ended executions is replayed, and no skipped one", async () => {
  const random = [0.2, 0.9, 0.1];
  const sample = sampling({ count: 2, share: 0.5, random: () => random.shift() ?? 1 });
  sample.shadows.ended(end(0, { outcome: "skipped" }));
  for (const number of [1, 2, 3]) sample.shadows.ended(end(number));
  await sample.enough;
  await sample.shadows[Symbol.asyncDispose]();
  expect(sample.replayed).toEqual(["inv_1", "inv_3"]);
});

test("at most so many per minute are replayed, and none twice", async () => {
  let time = 0;
  const sample = sampling({ count: 3, perMinute: 2, now: () => time });
  for (const number of [1, 1, 2, 3]) sample.shadows.ended(end(number));
  time = 60_000;
  sample.shadows.ended(end(4));
  time = 70_000;
  await sample.enough;
  await sample.shadows[Symbol.asyncDispose]();
  expect(sample.replayed).toEqual(["inv_1", "inv_2", "inv_4"]);
});

test("an execution whose end is not journaled yet is read again, and one that cannot be read does not stop the others", async () => {
  let reads = 0;
  const sample = sampling({
    count: 1,
    async readRecording({ executionId }) {
      if (executionId === "inv_1") throw new Error("Restate is away");
      reads += 1;
      return (reads < 3 ? {} : { outcome }) as unknown as Recording;
    },
  });
  for (const number of [1, 2]) sample.shadows.ended(end(number));
  await sample.enough;
  await sample.shadows[Symbol.asyncDispose]();
  expect([sample.replayed, reads]).toEqual([["inv_2"], 3]);
});
