import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLoadService, monitorProcessLoad } from "./process-load.ts";

const limits = {
  maxWaitingExecutions: 10,
  maxStartDelayMs: 5_000,
  maxEventLoopDelayMs: 100,
  minFreeMemoryBytes: 1_000,
  minFreeDiskBytes: 1_000,
};
const well = {
  backlog: { waiting: 9, longestWaitMs: 0 },
  machine: { eventLoopDelayMs: 100, freeMemoryBytes: 1_000, freeDiskBytes: 1_000 },
  stopping: new AbortController(),
};

test("work is accepted up to each limit and rejected beyond any of them", () => {
  const ask = (load: Partial<typeof well>) =>
    createLoadService({ ...well, ...load }, limits).overloadReason();
  expect(ask({})).toBeUndefined();
  expect(ask({ backlog: { waiting: 10, longestWaitMs: 4_100 } })).toEqual({
    what: "10 executions are queued",
    retryAfterSeconds: 5,
  });
  expect(ask({ backlog: { waiting: 1, longestWaitMs: 5_000 } })).toBeUndefined();
  expect(ask({ backlog: { waiting: 1, longestWaitMs: 5_001 } })).toEqual({
    what: "start delay is 6 s",
    retryAfterSeconds: 6,
  });
  expect(ask({ machine: { ...well.machine, eventLoopDelayMs: 101 } })?.what).toBe(
    "event loop is lagging by 101 ms",
  );
  expect(ask({ machine: { ...well.machine, freeMemoryBytes: 999 } })?.what).toContain("memory");
  expect(ask({ machine: { ...well.machine, freeDiskBytes: 999 } })?.what).toContain("disk");
  const stopping = new AbortController();
  stopping.abort();
  expect(ask({ stopping })?.what).toBe("server is shutting down");
});

test("Retry-After is between 1 and 30 seconds", () => {
  const told = [0, 3_600_000].map((longestWaitMs) => {
    const backlog = { waiting: 10, longestWaitMs };
    return createLoadService({ ...well, backlog }, limits).overloadReason()?.retryAfterSeconds;
  });
  expect(told).toEqual([1, 30]);
});

test("event loop delay rises on a blocked thread and stays low on an idle one", async () => {
  using machine = monitorProcessLoad(tmpdir(), 100);
  const memory = new Int32Array(new SharedArrayBuffer(4));
  for (let round = 0; round < 5; round++) {
    await delay(1);
    Atomics.wait(memory, 0, 0, 300);
  }
  await delay(1);
  expect(machine.eventLoopDelayMs).toBeGreaterThan(100);
  const busy = machine.eventLoopDelayMs;
  await delay(500);
  expect(machine.eventLoopDelayMs).toBeLessThan(busy);
  expect(machine.freeMemoryBytes).toBeGreaterThan(0);
});
