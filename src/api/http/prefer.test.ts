import { describe, expect, test } from "vitest";
import { maxWaitSeconds } from "../contract/limits.ts";
import { parsePreferWait } from "./prefer.ts";

describe("parsePreferWait", () => {
  test.each([
    ["wait=10", 10],
    ["wait=0", 0],
    ["Wait=7", 7],
    [" wait = 7 ", 7],
    ['wait="7"', 7],
    ["respond-async, wait=10", 10],
    ["wait=10, respond-async", 10],
    ["wait=10, wait=20", 10],
    ["wait=10; because=slow", 10],
    [`wait=${maxWaitSeconds}`, maxWaitSeconds],
    [`wait=${maxWaitSeconds + 1}`, maxWaitSeconds],
    [`wait=${"9".repeat(400)}`, maxWaitSeconds],
    ['note="a, wait=5"', undefined],
    ['note; why="a, wait=5", wait=3', 3],
    ['note="\\", wait=5"', undefined],
    ["await=5", undefined],
    ["wait", undefined],
    ["wait=", undefined],
    ["wait=-1", undefined],
    ["wait=1.5", undefined],
    ["wait=1 2", undefined],
    ["wait=soon, wait=5", undefined],
    ["respond-async", undefined],
    ["", undefined],
    [undefined, undefined],
    [`${'"'.repeat(1_000)}, wait=5`, undefined],
  ])("parses %j as %j", (header, seconds) => {
    expect(parsePreferWait(header)).toBe(seconds);
  });
});
