import { expect, test } from "vitest";
import { z } from "zod";
import { anyJson } from "./any-json.ts";

test("does not visit nested values, so the largest payload validates immediately", () => {
  const nested = JSON.parse(
    `[${Array.from({ length: 40_000 }, () => `${"[".repeat(50)}${"]".repeat(50)}`).join()}]`,
  );
  const startedAt = process.cpuUsage();
  expect(z.object({ payload: anyJson.optional() }).safeParse({ payload: nested }).success).toBe(true);
  // A schema that visits each list exceeds this by far.
  expect(process.cpuUsage(startedAt).user).toBeLessThan(1e6);
});

test("is required", () => {
  const posted = z.object({ value: anyJson });
  expect([{}, { value: null }].map((value) => posted.safeParse(value).success)).toEqual([false, true]);
});
