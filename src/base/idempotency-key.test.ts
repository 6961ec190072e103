import { expect, test } from "vitest";
import { bareIdempotencyKey } from "./idempotency-key.ts";

test.each([
  ["order-4711", "order-4711"],
  ['"order-4711"', "order-4711"],
  ['"a\\\\b\\"c"', 'a\\b"c'],
  ['""', '""'],
  ['"', '"'],
  ['"half', '"half'],
  ['"a"b"', '"a"b"'],
])("the key of %s is %s", (header, key) => {
  expect(bareIdempotencyKey(header)).toBe(key);
});
