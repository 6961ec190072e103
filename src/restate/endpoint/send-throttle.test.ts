import { describe, expect, test } from "vitest";
import { createSendThrottle } from "./send-throttle.ts";

describe("the send throttle", () => {
  test("executions start on time until a second is full, and then in the next second with capacity", () => {
    const throttle = createSendThrottle({ perSecond: 2, now: () => 5_400 });
    const delays = [0, 10, 0, 0, 0, 1_000].map((delayMs) => throttle.delayOf("greedy", delayMs));
    expect(delays).toEqual([0, 10, 600, 1_100, 1_600, 2_100]);
  });

  test("the sends of one workflow do not delay those of another", () => {
    const throttle = createSendThrottle({ perSecond: 2, now: () => 0 });
    for (let n = 0; n < 4_095; n += 1) throttle.delayOf("greedy", 0);
    expect(throttle.delayOf("greedy", 0)).toBeGreaterThan(2_000_000);
    expect(throttle.delayOf("modest", 0)).toBe(0);
  });

  test("counts of past seconds are deleted", () => {
    let now = 0;
    const throttle = createSendThrottle({ perSecond: 2, now: () => now });
    for (let n = 0; n < 5; n += 1) throttle.delayOf("greedy", 0);
    now = 3_000;
    expect(throttle.delayOf("greedy", 0)).toBe(0);
  });

  test("the number of counted seconds is limited", () => {
    const throttle = createSendThrottle({ perSecond: 1, now: () => 0 });
    for (let n = 0; n < 20_000; n += 1) throttle.delayOf("scattered", n * 1_000);
    expect(throttle.delayOf("scattered", 0)).toBe(10_000_000);
  });
});
