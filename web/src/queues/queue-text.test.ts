import { expect, test } from "vitest";
import { limitsText, nameOf } from "./queue-text.ts";

test.each([
  [{}, "no limit"],
  [{ total: 3, perKey: 1 }, "3 at a time, 1 per key"],
  [{ rate: { limit: 10, periodMs: 60_000, burst: 1 } }, "10 per min"],
  [{ rate: { limit: 5, periodMs: 90_000, burst: 4 } }, "5 per 1 min 30 s, up to 4 at once"],
])("the limits %j read %j", (limits, text) => {
  expect(limitsText(limits)).toBe(text);
});

test("a host with a port keeps its colon", () => {
  expect(nameOf("host:api.example.com:8443")).toEqual({ kind: "Host", name: "api.example.com:8443" });
});
