import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { rewritePattern } from "../../src/guest/platform/unicode/rewrite-pattern.ts";

const require = createRequire(import.meta.url);
/** Of a version of Unicode that may be newer than Node's: what it has is tried, whether or not it is one of them. */
const { strings, characters } = require("regenerate-unicode-properties/Property_of_Strings/RGI_Emoji.js") as {
  readonly strings: readonly string[];
  readonly characters: { toArray(): number[] };
};
const tried = [
  ...strings,
  ...characters.toArray().map((codePoint) => String.fromCodePoint(codePoint)),
  ...strings.map((text) => text.slice(0, -1)),
  ...strings.map((text) => text.replaceAll(/[\u{1f3fb}-\u{1f3ff}]/gu, "\u{1f3fd}")),
  ..."a 1 # © ⌚\ufe0f 🇦 🏻 👪🏻 🇽🇽".split(" "),
];

test.each([
  "Basic_Emoji",
  "Emoji_Keycap_Sequence",
  "RGI_Emoji_Modifier_Sequence",
  "RGI_Emoji_Flag_Sequence",
  "RGI_Emoji_Tag_Sequence",
  "RGI_Emoji_ZWJ_Sequence",
  "RGI_Emoji",
])("\\p{%s} matches the same strings as in Node", (name) => {
  for (const pattern of [`^\\p{${name}}$`, `^[\\p{${name}}--\\q{©️}--[⌚]]$`]) {
    const written = rewritePattern(pattern, { hasSets: true, ignoresCase: false });
    const [own, node] = [new RegExp(written ?? "", "v"), new RegExp(pattern, "v")];
    expect(tried.filter((text) => own.test(text) !== node.test(text))).toEqual([]);
    expect(tried.some((text) => own.test(text))).toBe(true);
  }
});

test("properties of strings have no complement and require the flag v", () => {
  for (const pattern of ["\\P{RGI_Emoji}", "[\\P{RGI_Emoji}]"]) {
    expect(rewritePattern(pattern, { hasSets: true, ignoresCase: false })).toBeUndefined();
  }
  expect(rewritePattern("\\p{RGI_Emoji}", { hasSets: false, ignoresCase: false })).toBeUndefined();
});
