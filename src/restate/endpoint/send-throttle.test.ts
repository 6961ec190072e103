import { describe, expect, test } from "vitest";
import { createSendThrottle } from "./send-throttle.ts";

describe("executions that workflows send for", () => {
  test("begin when they are to while they are few, and else in the next second that has room", () => {
    const throttle = createSendThrottle({ perSecond: 2, now: () => 5_400 });
    const delays = [0, 10, 0, 0, 0, 1_000].map((delayMs) => throttle.delayOf("greedy", delayMs));
    expect(delays).toEqual([0, 10, 600, 1_100, 1_600, 2_100]);
  });

  test("of one workflow delay those of no other", () => {
    const throttle = createSendThrottle({ perSecond: 2, now: () => 0 });
    for (let n = 0; n < 4_095; n += 1) throttle.delayOf("greedy", 0);
    expect(throttle.delayOf("greedy", 0)).toBeGreaterThan(2_000_000);
    expect(throttle.delayOf("modest", 0)).toBe(0);
  });

  test("leave nothing behind once their seconds are over", () => {
    let now = 0;
    const throttle = createSendThrottle({ perSecond: 2, now: () => now });
    for (let n = 0; n < 5; n += 1) throttle.delayOf("greedy", 0);
    now = 3_000;
    expect(throttle.delayOf("greedy", 0)).toBe(0);
  });

  test("far apart from each other are remembered to a bound", () => {
    const throttle = createSendThrottle({ perSecond: 1, now: () => 0 });
    for (let n = 0; n < 20_000; n += 1) throttle.delayOf("scattered", n * 1_000);
    expect(throttle.delayOf("scattered", 0)).toBe(10_000_000);
  });
});
