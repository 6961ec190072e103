import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatcher } from "./redaction.ts";

/** Few letters, so that patterns overlap, contain each other and repeat. */
const letters = (maxLength: number) => fc.stringMatching(new RegExp(`^[ab]{1,${maxLength}}$`));

function redact(text: string, patterns: readonly string[], step = 1_000): string {
  const matcher = createMatcher(patterns.map((name) => ({ name, bytes: Buffer.from(name) })));
  const scan = matcher.start(Buffer.from(text));
  while (scan.step(step));
  const replaced = scan.replaced((name) => Buffer.from(`<${name}>`));
  expect(scan.replacedLength((name) => name.length + 2)).toBe(replaced.length);
  return Buffer.from(replaced).toString();
}

describe("redaction", () => {
  test.each([
    ["ab", ["ab"], "<ab>"],
    ["xabab", ["ab"], "x<ab><ab>"],
    ["abc", ["abc", "b", "bc"], "<abc>"],
    ["aab", ["ab", "aa"], "<aa>"],
    ["she", ["he", "she", "hers"], "<she>"],
    ["ushers", ["he", "she", "hers"], "u<hers>"],
    ["nothing", ["x"], "nothing"],
  ])("replaces in %j the secret %j: %j", (text, patterns, expected) => {
    expect(redact(text, patterns)).toBe(expected);
  });

  test("replaces exactly the bytes of each occurrence, whatever the chunks", () => {
    fc.assert(
      fc.property(
        letters(60),
        fc.uniqueArray(letters(6), { minLength: 1, maxLength: 5 }),
        fc.nat(5),
        (text, patterns, step) => {
          const covered = Array.from(text, (_, at) =>
            patterns.some((pattern) =>
              Array.from(pattern, (_unused, offset) => at - offset).some(
                (start) => start >= 0 && text.startsWith(pattern, start),
              ),
            ),
          );
          const kept = Array.from(text, (letter, at) => (covered[at] === true ? "" : letter)).join("");
          expect(redact(text, patterns, step + 1).replaceAll(/<[ab]+>/g, "")).toBe(kept);
        },
      ),
    );
  });
});
