import * as fc from "fast-check";
import { expect, test } from "vitest";
import { apiKeyPrefix, generateApiKey, hashApiKey, isWellFormedApiKey } from "./api-key-format.ts";

test("generated keys have the same length and format, and are unique", () => {
  const keys = Array.from({ length: 1_000 }, generateApiKey);
  expect(new Set(keys).size).toBe(1_000);
  expect(keys.filter((key) => !/^dur_[0-9A-Za-z]{33}$/.test(key))).toEqual([]);
  expect(keys.filter((key) => !isWellFormedApiKey(key))).toEqual([]);
});

test("the checksum is a CRC-32 that other tools can compute", () => {
  expect(isWellFormedApiKey("dur_0A42ooYeVw3Mne3Lq3NTHYStAVr4TgwyP")).toBe(true);
});

test("a key with one wrong character fails its checksum", () => {
  const anyTypo = fc.record({
    place: fc.integer({ min: 4, max: 36 }),
    character: fc.stringMatching(/^[0-9A-Za-z]$/),
  });
  const key = generateApiKey();
  fc.assert(
    fc.property(anyTypo, ({ place, character }) => {
      const typed = key.slice(0, place) + character + key.slice(place + 1);
      expect(isWellFormedApiKey(typed)).toBe(typed === key);
    }),
  );
});

test.each([
  ["no text", ""],
  ["the start alone", "dur_"],
  ["a key of another kind", "sk_0123456789abcdefghijklmnopqrstuvwxyz"],
])("%s is not a valid key", (_, text) => {
  expect(isWellFormedApiKey(text)).toBe(false);
});

test.each([
  ["with a line break after it", (key: string) => `${key}\n`],
  ["with a character less", (key: string) => key.slice(0, -1)],
  ["with a character more", (key: string) => `${key}0`],
  ["in capitals", (key: string) => key.toUpperCase()],
])("a key %s is not valid", (_, change) => {
  expect(isWellFormedApiKey(change(generateApiKey()))).toBe(false);
});

test("the prefix of a generated key shows 12 characters", () => {
  const key = generateApiKey();
  expect(apiKeyPrefix(key)).toBe(key.slice(0, 12));
});

test("the prefix of a custom root key reveals little of it", () => {
  expect(apiKeyPrefix("correct horse battery staple")).toBe("corr");
});

test("the hash of a key is its SHA-256", () => {
  expect(hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
