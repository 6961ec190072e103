import { describe, expect, test } from "vitest";
import { entityTagOf, isNamed } from "./entity-tag.ts";

describe("an entity tag", () => {
  test("is strong, and the same for the same content only", () => {
    expect(entityTagOf("one")).toMatch(/^"[0-9a-f]{32}"$/);
    expect(entityTagOf("one")).toBe(entityTagOf(Buffer.from("one")));
    expect(entityTagOf("one")).not.toBe(entityTagOf("two"));
  });

  test.each([
    ['"a"', true, true],
    ['"b", "a"', true, true],
    ['W/"a"', false, true],
    ['"b"', false, false],
    ["*", true, true],
    ['"a', false, false],
    ["a", false, false],
    ["", false, false],
    [undefined, false, false],
  ])("in %j matches strongly: %j, weakly: %j", (header, strongly, weakly) => {
    expect(isNamed(header, '"a"', { weakly: false })).toBe(strongly);
    expect(isNamed(header, '"a"', { weakly: true })).toBe(weakly);
  });
});
