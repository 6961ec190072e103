import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { longWorkflowForMs, maxLongWorkflows } from "../domain/limits.ts";
import { createLongWorkflows } from "./long-workflows.ts";

describe("workflows that took long", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("are remembered for a while after the last time", () => {
    const long = createLongWorkflows();
    long.add("a");
    expect([long.has("a"), long.has("b")]).toEqual([true, false]);
    vi.advanceTimersByTime(longWorkflowForMs - 1);
    long.add("a");
    vi.advanceTimersByTime(longWorkflowForMs - 1);
    expect(long.has("a")).toBe(true);
    vi.advanceTimersByTime(1);
    expect(long.has("a")).toBe(false);
  });

  it("are the last ones, where there are many", () => {
    const long = createLongWorkflows();
    long.add("first");
    long.add("second");
    long.add("first");
    for (let number = 1; number < maxLongWorkflows; number += 1) long.add(String(number));
    expect([long.has("first"), long.has("second")]).toEqual([true, false]);
  });
});
