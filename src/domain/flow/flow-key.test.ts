import { describe, expect, test } from "vitest";
import { maxFlowKeyLength } from "../automation/flow-limits.ts";
import { keyText } from "./flow-key.ts";

const keyOf = (payload: Parameters<typeof keyText>[1]["payload"], key: string | readonly string[] = "/a") =>
  keyText(key, { payload, entryPoint: undefined });

describe("a key of flow control", () => {
  test.each([
    [{ a: "x" }, "x"],
    [{ a: { b: [1, "c"] } }, '{"b":[1,"c"]}'],
    [JSON.parse('{"a":{"__proto__":1}}'), '{"__proto__":1}'],
    [{}, "null"],
    [null, "null"],
    ["a", "null"],
    [["first"], "null"],
  ])("of %j is %s", (payload, text) => {
    expect(keyOf(payload)).toBe(text);
  });

  test("does not reach what a payload inherits", () => {
    expect(keyOf({}, "/constructor/name")).toBe("null");
    expect(keyOf({}, "/__proto__")).toBe("null");
  });

  test("of any length is short, and differs from others with the same beginning", () => {
    const long = "x".repeat(4_000_000);
    const before = process.cpuUsage();
    const keys = [`${long}1`, `${long}2`].map((a) => keyOf({ a }, ["/a", "/a", "/a", "/a", "/a"]));
    // It takes 0.1 s, and every caller of the workflow can send such a payload.
    expect(process.cpuUsage(before).user).toBeLessThan(2e6);
    expect(new Set(keys).size).toBe(2);
    expect(keys.every(({ length }) => length <= maxFlowKeyLength)).toBe(true);
  });
});
