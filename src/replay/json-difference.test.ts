import { expect, test } from "vitest";
import type { JsonValue } from "../base/json.ts";
import { differencesOf, isSameJson } from "./json-difference.ts";

test("two results are the same regardless of the order of their members", () => {
  expect(isSameJson({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toBe(true);
  expect(isSameJson({ a: 1 }, { a: "1" })).toBe(false);
  expect(isSameJson([1], { 0: 1 })).toBe(false);
});

test("differences have their place and both values", () => {
  expect(differencesOf({ a: { b: 1 }, c: [1, 2] }, { a: { b: 2 }, c: [1], d: null })).toEqual(
    expect.arrayContaining([
      { path: "/a/b", before: 1, after: 2 },
      { path: "/c/1", before: 2 },
      { path: "/d", after: null },
    ]),
  );
  expect(differencesOf(1, "x")).toEqual([{ path: "", before: 1, after: "x" }]);
});

test("members of the names of inherited properties are compared like any other", () => {
  const hostile = JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}') as JsonValue;
  expect(isSameJson(hostile, {})).toBe(false);
  expect(differencesOf({}, { constructor: 1 })).toEqual([{ path: "/constructor", after: 1 }]);
});

test("many and long differences are limited", () => {
  const before = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, n]));
  const after = {
    ...before,
    ...Object.fromEntries(Object.keys(before).map((key) => [key, "x".repeat(5_000)])),
  };
  const differences = differencesOf(before, after);
  expect(differences.length).toBe(20);
  expect(JSON.stringify(differences).length).toBeLessThan(40_000);
});
