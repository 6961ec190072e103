import { expect, test } from "vitest";
import { largePayloadBytes } from "../../domain/limits.ts";
import { createPayloadPacing } from "./payload-pacing.ts";

const large = largePayloadBytes * 2;
const hasResolved = async (promise: Promise<void>) =>
  await Promise.race([promise.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

test("small payloads never wait, however many there are", async () => {
  const pacing = createPayloadPacing({ bytesPerSecond: 1, now: () => 0 });
  for (let n = 0; n < 1_000; n += 1) await pacing.wait("report", largePayloadBytes);
});

test("a large payload waits until the workflow's previous ones are paid for, and no other workflow waits for it", async () => {
  let now = 0;
  const pacing = createPayloadPacing({ bytesPerSecond: large * 1_000, now: () => now });
  await pacing.wait("report", large);
  const second = pacing.wait("report", large);
  expect(await hasResolved(second)).toBe(false);
  expect(await hasResolved(pacing.wait("order", large))).toBe(true);
  await second;
  now = 2;
  expect(await hasResolved(pacing.wait("report", large))).toBe(true);
});

test("a payload that would wait for longer than 30 s is refused, with the time after which it is taken", async () => {
  const pacing = createPayloadPacing({ bytesPerSecond: large, now: () => 0 });
  const waiting = Array.from({ length: 33 }, async (_, n) => {
    if (n <= 30) void pacing.wait("report", large);
    else
      await expect(pacing.wait("report", large)).rejects.toMatchObject({
        code: "rate-limited",
        retryAfterSeconds: 1,
      });
  });
  await Promise.all(waiting);
});
