import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxJsonDepth } from "../../domain/limits.ts";
import { parseJson } from "./json.ts";

describe("parseJson", () => {
  test("every text that JSON.stringify writes is parsed to the same value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        expect(parseJson(text)).toEqual(JSON.parse(json));
      }),
    );
  });

  test("a text may nest up to maxJsonDepth levels", () => {
    const text = "[".repeat(maxJsonDepth) + "]".repeat(maxJsonDepth);
    expect(JSON.stringify(parseJson(text))).toBe(text);
    expect(() => parseJson(`[${text}]`)).toThrow(`deeper than ${maxJsonDepth} levels`);
  });

  test("long runs of digits in strings are accepted in linear time", () => {
    const text = JSON.stringify(`${"1".repeat(308)}a`.repeat(13_000));
    expect(parseJson(text)).toBe(JSON.parse(text));
    expect(() => parseJson(`[${"1".repeat(310)}]`)).toThrow("larger than a double");
    expect(parseJson(`[0.${"1".repeat(400)}]`)).toEqual([0.1111111111111111]);
  });

  test("a string of many megabytes is accepted, also if it contains what looks like a large number", () => {
    const text = JSON.stringify({ "1e999": `${"A".repeat(12 * 2 ** 20)}0e123`, n: [1, -2.5] });
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(() => parseJson(text.replace("-2.5", "-2e500"))).toThrow("the number -2e500 is larger");
  });

  test("brackets in strings do not count as nesting", () => {
    const text = JSON.stringify(`\\"${"[".repeat(maxJsonDepth + 1)}`);
    expect(parseJson(text)).toBe(JSON.parse(text));
  });

  test("a syntax error carries the message and the position that JSON.parse reports", () => {
    expect(caught(() => parseJson('{"a": 1,\n  "b"}'))).toMatchObject({
      code: "invalid-json",
      message:
        "Cannot read the body as JSON: Expected ':' after property name in JSON at position 14 (line 2 column 6)",
      diagnostics: [{ line: 2, column: 6 }],
    });
  });

  test("a syntax error without a position has no diagnostics", () => {
    expect(caught(() => parseJson("[1,"))).toMatchObject({
      message: "Cannot read the body as JSON: Unexpected end of JSON input",
      diagnostics: [],
    });
  });
});

describe("numbers beyond the range of a double", () => {
  test.each([
    ["1e400", "1e400"],
    ["[1, -1e400]", "-1e400"],
    [`{"a": {"b": ${"9".repeat(400)}}}`, `${"9".repeat(20)}…`],
    ['{"1e400": "1e999", "x": 0.5E+0308, "y": 1e1000}', "1e1000"],
  ])("are rejected and quoted: %#", (text, quoted) => {
    expect(() => parseJson(text)).toThrow(`the number ${quoted} is larger than a double can be`);
  });

  test.each(['"1e400"', '{"1e400": "\\"1e400"}', "1e308", "-1.5e+308", "1e-400", `0.${"1".repeat(400)}`])(
    "are accepted in %s",
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
