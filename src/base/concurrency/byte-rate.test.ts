import { expect, test } from "vitest";
import { createByteRate } from "./byte-rate.ts";

test("a key takes its burst at once, and then waits at the rate for further bytes", () => {
  let now = 0;
  const rate = createByteRate({ bytesPerSecond: 1_000, burstBytes: 500, now: () => now });
  rate.count("a", 500);
  expect(rate.delayOf("a")).toBe(0);
  rate.count("a", 250);
  expect(rate.delayOf("a")).toBe(250);
  now = 250;
  expect(rate.delayOf("a")).toBe(0);
});

test("a key that was idle saves no more than its burst", () => {
  let now = 0;
  const rate = createByteRate({ bytesPerSecond: 1_000, burstBytes: 500, now: () => now });
  rate.count("a", 100);
  now = 60_000;
  rate.count("a", 1_500);
  expect(rate.delayOf("a")).toBe(1_000);
});

test("keys do not wait for each other, however many there are", () => {
  let now = 0;
  const rate = createByteRate({ bytesPerSecond: 1_000, burstBytes: 0, now: () => now });
  for (let n = 0; n < 5_000; n += 1) {
    now += 1;
    rate.count(`key ${n}`, 1);
  }
  rate.count("greedy", 2_000);
  expect(rate.delayOf("greedy")).toBe(2_000);
  expect(rate.delayOf("modest")).toBe(0);
});
