import { expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { isGenuine, readToken } from "./callback-token.ts";

const seed = "07".repeat(32);
const id = "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z" as ExecutionId;

/** What the guest runtime draws from this seed, one after the other. */
const secrets = [
  "7401b6c8842b124c26b5555428c24d2e1b956ae4f1e7fea8a6bc73bf16cb4375",
  "99b8481bed4c063f088466e4e7a5a6d3fad31fd6623493f5dffc8bb6382b5f29",
  "e889a26385921a5bde60a506d3042f12b430c44dbccf0a0b7e5666db62fce1ed",
] as const;

test("a token is that of its execution and its number alone", () => {
  for (const [callback, secret] of secrets.entries()) {
    const token = { executionId: id, callback, secret };
    expect(readToken(`${id}.${callback}.${secret}`)).toEqual(token);
    expect(isGenuine(token, seed)).toBe(true);
    expect(isGenuine({ ...token, callback: callback + 1 }, seed)).toBe(false);
    expect(isGenuine(token, "08".repeat(32))).toBe(false);
  }
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
