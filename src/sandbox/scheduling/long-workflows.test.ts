import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  lowerPriorityAfterMs,
  longTurnMs,
  longTurnShare,
  longWorkflowForMs,
  maxLongWorkflows,
} from "./limits.ts";
import { createLongWorkflows, workflowMs } from "./long-workflows.ts";

describe("long workflows", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("a workflow counts as long for a while after a long turn", () => {
    const long = createLongWorkflows();
    long.add("a", lowerPriorityAfterMs);
    expect([long.has("a"), long.has("b")]).toEqual([true, false]);
    vi.advanceTimersByTime(longWorkflowForMs - 1);
    long.add("a", lowerPriorityAfterMs);
    vi.advanceTimersByTime(longWorkflowForMs - 1);
    expect(long.has("a")).toBe(true);
    vi.advanceTimersByTime(1);
    expect(long.has("a")).toBe(false);
  });

  test("a workflow is charged for its own computation and not for a cold thread", () => {
    // As measured: a first turn of a small workflow, and one that doubles a string until its memory is full.
    expect(workflowMs(22.3, 230_000)).toBeLessThan(longTurnMs / 5);
    expect(workflowMs(33.8, 15_850_000)).toBe(33.8);
  });

  test("several long turns in a row make a workflow long", () => {
    const long = createLongWorkflows();
    for (let turn = 0; turn < 3; turn += 1) long.add("a", lowerPriorityAfterMs / 4);
    expect(long.has("a")).toBe(false);
    long.add("a", lowerPriorityAfterMs / 4);
    expect(long.has("a")).toBe(true);
  });

  test("rare long turns and many short turns do not make a workflow long", () => {
    const long = createLongWorkflows();
    for (let turn = 0; turn < 100; turn += 1) {
      long.add("a", lowerPriorityAfterMs / 2);
      long.add("b", longTurnMs - 1);
      vi.advanceTimersByTime(lowerPriorityAfterMs / 2 / longTurnShare);
    }
    for (let turn = 0; turn < 100; turn += 1) long.add("b", longTurnMs - 1);
    expect([long.has("a"), long.has("b")]).toEqual([false, false]);
  });

  test("only the most recent long workflows are tracked", () => {
    const long = createLongWorkflows();
    for (const key of ["first", "second", "first"]) long.add(key, lowerPriorityAfterMs);
    for (let number = 1; number < maxLongWorkflows; number += 1)
      long.add(String(number), lowerPriorityAfterMs);
    expect([long.has("first"), long.has("second")]).toEqual([true, false]);
  });
});
