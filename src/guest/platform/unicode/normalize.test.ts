import { expect, test } from "vitest";
import { normalize } from "./normalize.ts";

const forms = ["NFC", "NFD", "NFKC", "NFKD"] as const;

test.each(forms)("%s of every code point matches Node's", (form) => {
  const wrong: string[] = [];
  for (let codePoint = 0; codePoint <= 0x10_ff_ff; codePoint += 1) {
    const character = String.fromCodePoint(codePoint);
    if (normalize.call(character, form) !== character.normalize(form)) wrong.push(codePoint.toString(16));
  }
  expect(wrong).toEqual([]);
});

test.each([
  "e\u0301\u0323",
  "a\u0315\u0300\u05ae\u0062",
  "\u1100\u1161\u11a8\u1100\u1161",
  "\u0344\u0301 ﬁ Ⅷ ｶﾞ",
  "\u0b47\u0300\u0b3e",
  "\uD800 lone \uDC00",
  "q\u0307\u0323 \u1e9b\u0323",
])("every normal form of %j matches Node's", (text) => {
  for (const form of forms) expect(normalize.call(text, form)).toBe(text.normalize(form));
});

test("an unknown normal form is refused", () => {
  expect(() => normalize.call("é", "NFX")).toThrow(RangeError);
});
