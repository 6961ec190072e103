import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  lowerPriorityAfterMs,
  longTurnMs,
  longTurnShare,
  longWorkflowForMs,
  maxLongWorkflows,
} from "../../domain/limits.ts";
import { createLongWorkflows, workflowMs } from "./long-workflows.ts";

describe("workflows that take long", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("are remembered for a while after a turn that took long", () => {
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

  test("are not blamed for making an instance on a cold thread, but for all that strings which double take", () => {
    // As measured: a first turn of a small workflow, and one that doubles a string until its memory is full.
    expect(workflowMs(22.3, 230_000)).toBeLessThan(longTurnMs / 5);
    expect(workflowMs(33.8, 15_850_000)).toBe(33.8);
  });

  test("are those with several turns in a row that are long together", () => {
    const long = createLongWorkflows();
    for (let turn = 0; turn < 3; turn += 1) long.add("a", lowerPriorityAfterMs / 4);
    expect(long.has("a")).toBe(false);
    long.add("a", lowerPriorityAfterMs / 4);
    expect(long.has("a")).toBe(true);
  });

  test("are not those with a turn now and then that is rather long, nor those with many short ones", () => {
    const long = createLongWorkflows();
    for (let turn = 0; turn < 100; turn += 1) {
      long.add("a", lowerPriorityAfterMs / 2);
      long.add("b", longTurnMs - 1);
      vi.advanceTimersByTime(lowerPriorityAfterMs / 2 / longTurnShare);
    }
    for (let turn = 0; turn < 100; turn += 1) long.add("b", longTurnMs - 1);
    expect([long.has("a"), long.has("b")]).toEqual([false, false]);
  });

  test("are the last ones, where there are many", () => {
    const long = createLongWorkflows();
    for (const key of ["first", "second", "first"]) long.add(key, lowerPriorityAfterMs);
    for (let number = 1; number < maxLongWorkflows; number += 1)
      long.add(String(number), lowerPriorityAfterMs);
    expect([long.has("first"), long.has("second")]).toEqual([true, false]);
  });
});
