import { expect, test } from "vitest";
import { hostLimitsOf, limitedHost, limitsText } from "./host-limits.ts";

const rate = { limit: 10, periodMs: 1_000, burst: 1 };

test("rates become limits in milliseconds", () => {
  const rates = { "a.example": { limit: 5, period: "PT1M", burst: 2 }, "b.example": { concurrency: 3 } };
  expect(hostLimitsOf(rates)).toEqual({
    "a.example": { rate: { limit: 5, periodMs: 60_000, burst: 2 } },
    "b.example": { total: 3 },
  });
});

test("limits apply to a host on any port, however its name is written", () => {
  const limits = { "a.example": { rate } };
  const hostOf = (url: string) => limitedHost(new URL(url), limits);
  expect(hostOf("https://A.example:8443/path")).toBe("a.example");
  expect(hostOf("http://a.example./")).toBe("a.example");
  expect(hostOf("https://b.a.example/")).toBeUndefined();
  expect(limitedHost(new URL("https://constructor/"), {})).toBeUndefined();
});

test.each([
  [{ rate }, "10 per second"],
  [{ rate: { ...rate, periodMs: 7_200_000 }, total: 2 }, "10 per 2 hours, 2 at a time"],
  [{ rate: { ...rate, periodMs: 60_000 } }, "10 per minute"],
  [{ rate: { ...rate, periodMs: 250 } }, "10 per 250 ms"],
  [{ total: 1 }, "1 at a time"],
])("the limits %j are described", (limits, text) => {
  expect(limitsText(limits)).toBe(text);
});
