import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { createBacklog } from "./backlog.ts";

const ids = Array.from({ length: 100 }, (_, n) => parseExecutionId(`inv_${String(n).padStart(24, "0")}`));
const [first, second] = ids as [ExecutionId, ExecutionId];

const patient = { pollAfterMs: 1_000, pollIntervalMs: 500 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the backlog", () => {
  test("contains the executions that were accepted and have not started here, in either order of the two events", () => {
    const started = new Set<ExecutionId>();
    using backlog = createBacklog({ hasStarted: (id) => started.has(id), isWaiting: async () => true });
    backlog.accepted(first);
    expect(backlog.waiting).toBe(1);
    backlog.started(first);
    expect(backlog.waiting).toBe(0);
    started.add(second);
    backlog.accepted(second);
    expect(backlog.waiting).toBe(0);
  });

  test("sends no query while accepted executions start soon", async () => {
    const asked: ExecutionId[] = [];
    const isWaiting = async (id: ExecutionId) => asked.push(id) > 0;
    using backlog = createBacklog({ ...patient, hasStarted: () => false, isWaiting });
    for (const id of ids) {
      backlog.accepted(id);
      await vi.advanceTimersByTimeAsync(400);
      backlog.started(id);
    }
    expect(asked).toEqual([]);
    expect(backlog.longestWaitMs).toBe(0);
  });

  test("determines with few queries how many executions elsewhere have started", async () => {
    let started = 30;
    let asked = 0;
    const isWaiting = async (id: ExecutionId) => {
      asked += 1;
      return ids.indexOf(id) >= started;
    };
    using backlog = createBacklog({ ...patient, hasStarted: () => false, isWaiting });
    for (const id of ids) backlog.accepted(id);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(backlog.waiting).toBeGreaterThanOrEqual(70);
    expect(backlog.waiting).toBeLessThanOrEqual(76);
    expect(backlog.longestWaitMs).toBe(3_000);
    started = 100;
    await vi.advanceTimersByTimeAsync(500);
    expect(backlog.waiting).toBe(0);
    expect(asked).toBeLessThanOrEqual(30);
  });

  test("queries immediately above a threshold, so that an API that accepts many executions does not refuse them after they have started", async () => {
    using backlog = createBacklog({ ...patient, hasStarted: () => false, isWaiting: async () => false });
    for (let n = 0; n < 200; n++) backlog.accepted(parseExecutionId(`inv_${String(n).padStart(24, "0")}`));
    expect(backlog.waiting).toBe(200);
    await vi.advanceTimersByTimeAsync(500);
    expect(backlog.waiting).toBe(0);
  });

  test("counts executions as waiting while Restate cannot be queried", async () => {
    let isAway = true;
    const isWaiting = async () => {
      if (isAway) throw new Error("away");
      return false;
    };
    using backlog = createBacklog({ ...patient, hasStarted: () => false, isWaiting });
    backlog.accepted(first);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(backlog.waiting).toBe(1);
    isAway = false;
    await vi.advanceTimersByTimeAsync(500);
    expect(backlog.waiting).toBe(0);
  });
});
