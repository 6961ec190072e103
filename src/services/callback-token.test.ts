import { expect, test } from "vitest";
import { isGenuine, readToken } from "./callback-token.ts";

const seed = "07".repeat(32);
const id = "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z";

test("a token is that of its execution and its number alone", () => {
  // As the guest runtime draws them from this seed.
  const token = readToken(`${id}.0.${"0".repeat(64)}`);
  expect(token).toEqual({ executionId: id, callback: 0, secret: "0".repeat(64) });
  expect(token !== undefined && isGenuine(token, seed)).toBe(false);
});

test.each([
  "",
  "x",
  id,
  `${id}.0.`,
  `${id}.00.${"a".repeat(64)}`,
  `${id}.0.${"A".repeat(64)}`,
  `${id}.-1.${"a".repeat(64)}`,
])("%s has not the form of one", (text) => {
  expect(readToken(text)).toBeUndefined();
});
