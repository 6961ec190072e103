import { expect, test } from "vitest";
import type { ExecutionId } from "../../domain/ids.ts";
import { createKeyRing, generateKey, parseKeys } from "../../stores/data-directory/key-ring.ts";
import { hasSealOf, isGenuine, readToken, sealSeed, verifySeal, withoutSeal } from "./callback-token.ts";

const seed = "07".repeat(32);
const id = "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z" as ExecutionId;

const seal = sealSeed(createKeyRing(parseKeys(generateKey())), id, seed);

/** The secrets that the guest runtime derives from this seed, in order. */
const secrets = [
  "7401b6c8842b124c26b5555428c24d2e1b956ae4f1e7fea8a6bc73bf16cb4375",
  "99b8481bed4c063f088466e4e7a5a6d3fad31fd6623493f5dffc8bb6382b5f29",
  "e889a26385921a5bde60a506d3042f12b430c44dbccf0a0b7e5666db62fce1ed",
] as const;

test("a token depends only on its execution and its number", () => {
  for (const [callback, secret] of secrets.entries()) {
    const token = { callback, secret };
    expect(readToken(`${seal}${id}.${callback}.${secret}`)).toMatchObject({ ...token, executionId: id });
    expect(isGenuine(token, seed)).toBe(true);
    expect(isGenuine({ ...token, callback: callback + 1 }, seed)).toBe(false);
    expect(isGenuine(token, "08".repeat(32))).toBe(false);
  }
});

test("a token is verified by its seal, without reading a journal", () => {
  const [key, next] = [generateKey(), generateKey()];
  const keys = createKeyRing(parseKeys(key));
  const sealed = readToken(`${sealSeed(keys, id, seed)}${id}.0.${secrets[0]}`);
  if (sealed === undefined) throw new Error("it is no token");
  expect(verifySeal(keys, sealed)).toBe("genuine");
  expect(verifySeal(createKeyRing(parseKeys(`${next} ${key}`)), sealed)).toBe("genuine");
  // Another callback number, another execution, and a modified seal.
  expect(verifySeal(keys, { ...sealed, callback: 1 })).toBe("forged");
  expect(verifySeal(keys, { ...sealed, executionId: `${id}x` as ExecutionId })).toBe("forged");
  const bytes = Uint8Array.from(sealed.seal.bytes, (byte, index) => (index === 20 ? byte ^ 1 : byte));
  expect(verifySeal(keys, { ...sealed, seal: { ...sealed.seal, bytes } })).toBe("forged");
  // Only the journal can verify this token.
  expect(verifySeal(createKeyRing(parseKeys(next)), sealed)).toBe("unknown");
});

test("a token needs the seal of its execution, which a recording without callbacks does not have", () => {
  const prefix = `https://duranium.example/callbacks/${seal}`;
  const token = readToken(`${seal}${id}.0.${secrets[0]}`);
  const forged = readToken(`${withoutSeal(prefix).split("/").at(-1)}${id}.0.${secrets[0]}`);
  if (token === undefined || forged === undefined) throw new Error("it is no token");
  expect([hasSealOf(token, prefix), hasSealOf(forged, prefix)]).toEqual([true, false]);
  expect(withoutSeal(prefix)).toHaveLength(prefix.length);
});

test.each([
  "",
  `12345678.${id}.0.${"a".repeat(64)}`,
  "x",
  id,
  `${id}.0.${"a".repeat(64)}`,
  `${seal}${id}.0.`,
  `${seal}${id}.00.${"a".repeat(64)}`,
  `${seal}${id}.0.${"A".repeat(64)}`,
  `${seal}${id}.-1.${"a".repeat(64)}`,
])("%s is not a valid token", (text) => {
  expect(readToken(text)).toBeUndefined();
});
