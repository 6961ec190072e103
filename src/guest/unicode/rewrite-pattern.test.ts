import { describe, expect, test } from "vitest";
import { closeOverCase } from "./case-folding.ts";
import { writeOutCase } from "./ignore-case.ts";

/** Every code point that has another form, and some that have none. */
const characters: readonly string[] = Array.from({ length: 0x1_f0_00 }, (_, at) => at)
  .filter((at) => at < 0xd8_00 || at > 0xdf_ff)
  .map((at) => String.fromCodePoint(at))
  .filter((one) => /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]|[ -~日😀]/u.test(one));

const matched = (expression: RegExp): string => characters.filter((one) => expression.test(one)).join("");

describe("written out with all forms, without the flag i, there matches what does with it:", () => {
  test.each(
    String.raw`[a-z] s ſ [^s] \w [\w] \W [\W] [^\w] [^\W] k \u212a [å] ß \u{10400} [\u{10400}-\u{1040f}] \ud801\udc00 θ [Α-Ω] ꙋ [Ა] ΐ
      ﬅ İ ı [ıİ] µ \p{Lu} \P{Lu} [^\P{Lu}] [^\p{Lu}] [\p{Lu}x] [\P{Lu}] \p{L} \p{Lt} [\p{Ll}\d] \p{Script=Greek} (?<s>s)|\k<s>
      (?:a{0,2}|s) [\s\d] [\S] [^\D] \x53 \cA [\b] [a\-z] [\-s] \.|\*|s [\]\[s] ^(?:ſ|K)$ (?=s)s (?<!s)k [\u0073-\u0075] \t Ω [^Ω]`
      .split(/\s+/)
      .flatMap((pattern) => ["iu", "iv"].map((flags) => [pattern, flags] as const)),
  )("/%s/%s", (pattern, flags) => {
    const written = writeOutCase(pattern, flags === "iv") ?? "";
    expect(matched(new RegExp(written, flags.slice(1)))).toBe(matched(new RegExp(pattern, flags)));
  });

  test.each([
    String.raw`[\p{Script=Greek}--\p{Lu}]`,
    "[[a-z]--s]",
    "[[a-z]&&[k-s]]",
    String.raw`[\p{L}--[a-z]]`,
    String.raw`[^\p{Lu}--x]`,
    "[^[a-z]ſ]",
  ])("/%s/iv", (pattern) => {
    const written = writeOutCase(pattern, true) ?? "";
    expect(matched(new RegExp(written, "v"))).toBe(matched(new RegExp(pattern, "iv")));
  });
});

test("what is not known is left to the engine", () => {
  for (const pattern of ["(?i:s)", String.raw`\p{Foo}`, "[z-a]", "[a", String.raw`\q`]) {
    expect(writeOutCase(pattern, false)).toBeUndefined();
  }
});

test("the forms of each letter are those that Node knows", () => {
  const all = characters.join("");
  for (const one of characters.filter((_, at) => at % 7 === 0)) {
    const codePoint = one.codePointAt(0) ?? 0;
    const forms = closeOverCase([[codePoint, codePoint + 1]]).flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, at) => String.fromCodePoint(start + at)),
    );
    expect(forms).toEqual([...(all.match(new RegExp(`\\u{${codePoint.toString(16)}}`, "giu")) ?? [])]);
  }
});
