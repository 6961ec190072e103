import { expect, test } from "vitest";
import { rewritePattern } from "./rewrite-pattern.ts";

const written = (pattern: string, hasSets = false): string | undefined =>
  rewritePattern(pattern, { hasSets, ignoresCase: false });

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

test.each(names)("\\p{%s} matches the same code points as in Node", (name) => {
  for (const pattern of [`^\\p{${name}}$`, `^\\P{${name}}$`, `^[-\\p{${name}}_]$`, `^[\\P{${name}}]$`]) {
    const [own, native] = [new RegExp(written(pattern) ?? "", "u"), new RegExp(pattern, "u")];
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
])("%s with the flag v matches the same text as in Node", (pattern, text) => {
  const own = new RegExp(written(pattern, true) ?? "", "gv");
  expect(text.match(own)).toEqual(text.match(new RegExp(pattern, "gv")));
});

test.each(["\\\\p{L}", "[\\\\p{L}]", "(?<pL>\\k<pL>)", "[^a-z\\w-]|\\u{61}{2}(?=a)(?<!b)"])(
  "the pattern %s is not changed",
  (pattern) => {
    expect(written(pattern)).toBe(pattern);
  },
);

test.each(["\\p{Nope}", "\\p{RGI_Emoji}", "\\p{}", "[\\p{L}-x]", "[a-\\p{L}]", "[\\p{L}--x]", "[\\p{L}"])(
  "the pattern %s without the flag v is left to the engine, which refuses it",
  (pattern) => {
    expect(written(pattern)).toBeUndefined();
    expect(() => new RegExp(pattern, "u")).toThrow(SyntaxError);
  },
);

test.each(["[a-z-\\p{L}]", "[\\p{L}-]", "[-\\p{L}]"])("%s is a class with a hyphen", (pattern) => {
  expect(["-", "é", "5"].map((one) => new RegExp(`^${written(pattern)}$`, "u").test(one))).toEqual([
    true,
    true,
    false,
  ]);
});
