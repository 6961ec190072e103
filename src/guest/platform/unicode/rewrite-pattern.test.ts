import { describe, expect, test } from "vitest";
import { closeOverCase } from "./case-folding.ts";
import { rewritePattern } from "./rewrite-pattern.ts";

/** Every code point with another case form, and some without one. */
const characters: readonly string[] = Array.from({ length: 0x1_f0_00 }, (_, at) => at)
  .filter((at) => at < 0xd8_00 || at > 0xdf_ff)
  .map((at) => String.fromCodePoint(at))
  .filter((one) => /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]|[ -~日😀]/u.test(one));

const matched = (expression: RegExp): string => characters.filter((one) => expression.test(one)).join("");

describe("patterns rewritten without the flag i", () => {
  test.each(
    String.raw`[a-z] s ſ [^s] \w [\w] \W [\W] [^\w] [^\W] k \u212a [å] ß \u{10400} [\u{10400}-\u{1040f}] \ud801\udc00 θ [Α-Ω] ꙋ [Ა] ΐ
      ﬅ İ ı [ıİ] µ \p{Lu} \P{Lu} [^\P{Lu}] [^\p{Lu}] [\p{Lu}x] [\P{Lu}] \p{L} \p{Lt} [\p{Ll}\d] \p{Script=Greek} (?<s>s)|\k<s>
      (?:a{0,2}|s) [\s\d] [\S] [^\D] \x53 \cA [\b] [a\-z] [\-s] \.|\*|s [\]\[s] ^(?:ſ|K)$ (?=s)s (?<!s)k [\u0073-\u0075] \t Ω [^Ω]`
      .split(/\s+/)
      .flatMap((pattern) => ["iu", "iv"].map((flags) => [pattern, flags] as const)),
  )(
    "the pattern /%s/%s without the flag i, rewritten with all case variants, matches the same characters",
    (pattern, flags) => {
      const written = rewritePattern(pattern, { hasSets: flags === "iv", ignoresCase: true }) ?? "";
      expect(matched(new RegExp(written, flags.slice(1)))).toBe(matched(new RegExp(pattern, flags)));
    },
  );

  test.each([
    String.raw`[\p{Script=Greek}--\p{Lu}]`,
    "[[a-z]--s]",
    "[[a-z]&&[k-s]]",
    String.raw`[\p{L}--[a-z]]`,
    String.raw`[^\p{Lu}--x]`,
    "[^[a-z]ſ]",
  ])(
    "the pattern /%s/iv without the flag i, rewritten with all case variants, matches the same characters",
    (pattern) => {
      const written = rewritePattern(pattern, { hasSets: true, ignoresCase: true }) ?? "";
      expect(matched(new RegExp(written, "v"))).toBe(matched(new RegExp(pattern, "iv")));
    },
  );
});

describe("patterns rewritten with the same flags", () => {
  const texts = ["ſ", "K", "k", "s", "S", "aſ", "Kx", "ſt", "ST", "-", "ä", "Ä", "a b", ...characters];
  test.each(
    String.raw`\bſ|ſ\b \Bſ s\B (?i:s) (?i:[^s]) (?i:\w) (?i:\P{Lu}) (?-i:s)k (?i:a(?-i:s)k)|s (?i:ä|(?:b|s))s (?m-i:k) (?ims:^.ſ$) (?i:\bk) (?i:(?<ſ>ſ)\k<ſ>)`
      .split(/\s+/)
      .flatMap((pattern) => ["u", "iu", "v", "iv"].map((flags) => [pattern, flags] as const)),
  )("the rewritten pattern /%s/%s matches the same text", (pattern, flags) => {
    const isIgnoring = { hasSets: flags.includes("v"), ignoresCase: flags.includes("i") };
    const own = new RegExp(rewritePattern(pattern, isIgnoring) ?? "", flags);
    const node = new RegExp(pattern, flags);
    expect(texts.map((text) => own.exec(text)?.[0])).toEqual(texts.map((text) => node.exec(text)?.[0]));
  });
});

test("strings in a class are rewritten with all case variants", () => {
  const written = rewritePattern(String.raw`[\q{ſt|k}--\q{K}]`, { hasSets: true, ignoresCase: true }) ?? "";
  const [own, node] = [new RegExp(`^${written}$`, "v"), new RegExp(String.raw`^[\q{ſt|k}--\q{K}]$`, "iv")];
  const texts = ["st", "ST", "sT", "ſT", "k", "K", "\u212a", "s"];
  expect(texts.filter((text) => own.test(text))).toEqual(texts.filter((text) => node.test(text)));
});

test("a pattern with unknown syntax is left to the engine", () => {
  for (const pattern of [String.raw`\p{Foo}`, "[z-a]", "[a", String.raw`\q`]) {
    expect(rewritePattern(pattern, { hasSets: false, ignoresCase: true })).toBeUndefined();
  }
});

test("the case variants of each letter are those of Node", () => {
  const all = characters.join("");
  for (const one of characters.filter((_, at) => at % 7 === 0)) {
    const codePoint = one.codePointAt(0) ?? 0;
    const forms = closeOverCase([[codePoint, codePoint + 1]]).flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, at) => String.fromCodePoint(start + at)),
    );
    expect(forms).toEqual([...(all.match(new RegExp(`\\u{${codePoint.toString(16)}}`, "giu")) ?? [])]);
  }
});
