import { expect, test } from "vitest";
import { largePayloadBytes } from "./limits.ts";
import { createPayloadThrottle } from "./payload-throttle.ts";

const large = largePayloadBytes * 2;
const hasResolved = async (promise: Promise<void>) =>
  await Promise.race([promise.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

test("small payloads never wait", async () => {
  const throttle = createPayloadThrottle({ bytesPerSecond: 1, now: () => 0 });
  for (let n = 0; n < 1_000; n += 1) await throttle.wait("report", largePayloadBytes);
});

test("a large payload waits for the rate of its own workflow only", async () => {
  let now = 0;
  const throttle = createPayloadThrottle({ bytesPerSecond: large * 1_000, now: () => now });
  await throttle.wait("report", large);
  const second = throttle.wait("report", large);
  expect(await hasResolved(second)).toBe(false);
  expect(await hasResolved(throttle.wait("order", large))).toBe(true);
  await second;
  now = 2;
  expect(await hasResolved(throttle.wait("report", large))).toBe(true);
});

test("a payload that would wait for more than 30 s is rejected with the time to retry after", async () => {
  const throttle = createPayloadThrottle({ bytesPerSecond: large, now: () => 0 });
  const waiting = Array.from({ length: 33 }, async (_, n) => {
    if (n <= 30) void throttle.wait("report", large);
    else
      await expect(throttle.wait("report", large)).rejects.toMatchObject({
        code: "rate-limited",
        retryAfterSeconds: 1,
      });
  });
  await Promise.all(waiting);
});
