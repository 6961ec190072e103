import { expect, test } from "vitest";
import { expandPropertyEscapes } from "./property-escapes.ts";

const names = [
  ..."L Lu Ll LC M N Nd P S Sc Z Zs C Cn Cs Letter Any Assigned ASCII".split(" "),
  ..."gc=Lu General_Category=Decimal_Number sc=Grek Script=Latin Script=Han sc=Cyrl".split(" "),
  ..."scx=Grek Script_Extensions=Latin scx=Zyyy scx=Zinh scx=Ahom CWL CWKCF Bidi_M Gr_Base IDSB Radical".split(
    " ",
  ),
  ..."Alphabetic Alpha Uppercase White_Space ID_Start IDC Emoji Emoji_Presentation ExtPict RI Math".split(
    " ",
  ),
];

test.each(names)("\\p{%s} means the code points that it means in Node", (name) => {
  for (const pattern of [`^\\p{${name}}$`, `^\\P{${name}}$`, `^[-\\p{${name}}_]$`, `^[\\P{${name}}]$`]) {
    const [own, native] = [new RegExp(expandPropertyEscapes(pattern, false), "u"), new RegExp(pattern, "u")];
    const sample = Array.from({ length: 40_000 }, (_, index) =>
      String.fromCodePoint((index * 27) % 0x11_00_00),
    );
    expect(sample.filter((character) => own.test(character) !== native.test(character))).toEqual([]);
  }
});

test.each([
  ["[\\p{L}--[a-z]]", "aé"],
  ["[\\p{L}&&\\p{ASCII}]", "aé"],
  ["[^\\P{Lu}x]", "AaÉ"],
])("%s with the flag v is what it is in Node", (pattern, text) => {
  const own = new RegExp(expandPropertyEscapes(pattern, true), "gv");
  expect(text.match(own)).toEqual(text.match(new RegExp(pattern, "gv")));
});

test.each(["\\\\p{L}", "[\\\\p{L}]", "\\p{Nope}", "\\p{RGI_Emoji}", "\\p{}", "a\\["])(
  "%s stays as it is",
  (pattern) => {
    expect(expandPropertyEscapes(pattern, false)).toBe(pattern);
  },
);
