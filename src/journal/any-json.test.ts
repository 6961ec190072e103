import { expect, it } from "vitest";
import { z } from "zod";
import { anyJson } from "./any-json.ts";

it("is not walked: the largest payload of nested lists costs nothing", () => {
  const nested = JSON.parse(
    `[${Array.from({ length: 40_000 }, () => `${"[".repeat(50)}${"]".repeat(50)}`).join()}]`,
  );
  const startedAt = performance.now();
  expect(z.object({ payload: anyJson.optional() }).safeParse({ payload: nested }).success).toBe(true);
  // A schema that looks at each list takes ten seconds.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it("has to be there", () => {
  const posted = z.object({ value: anyJson });
  expect([{}, { value: null }].map((value) => posted.safeParse(value).success)).toEqual([false, true]);
});
