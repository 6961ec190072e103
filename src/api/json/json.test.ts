import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DuraniumError } from "../../domain/errors.ts";
import { maxJsonDepth } from "../../domain/limits.ts";
import { findSyntaxError, parseJson } from "./json.ts";

describe("parseJson", () => {
  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        expect(parseJson(text)).toEqual(JSON.parse(json));
      }),
    );
  });

  it("reads JSON that is nested as deep as the limit allows", () => {
    const text = "[".repeat(maxJsonDepth) + "]".repeat(maxJsonDepth);
    expect(JSON.stringify(parseJson(text))).toBe(text);
    expect(() => parseJson(`[${text}]`)).toThrow(`deeper than ${maxJsonDepth} levels`);
  });

  // A pattern that looks for many digits looks again from each of them.
  it("takes runs of digits in strings, however many", () => {
    const text = JSON.stringify(`${"1".repeat(308)}a`.repeat(13_000));
    expect(parseJson(text)).toBe(JSON.parse(text));
    expect(() => parseJson(`[${"1".repeat(310)}]`)).toThrow("larger than a double");
    expect(parseJson(`[0.${"1".repeat(400)}]`)).toEqual([0.1111111111111111]);
  });

  it("does not count brackets in strings as nesting", () => {
    const text = JSON.stringify(`\\"${"[".repeat(maxJsonDepth + 1)}`);
    expect(parseJson(text)).toBe(JSON.parse(text));
  });

  it("tells the line and the column where the text stops being JSON", () => {
    expect.assertions(2);
    try {
      parseJson('{\r\n  "a": [1,\n  2,, 3]\n}');
    } catch (error) {
      expect(error).toBeInstanceOf(DuraniumError);
      expect(error).toMatchObject({
        code: "invalid-json",
        message: 'Cannot read the body as JSON: unexpected "," at line 3, column 5',
        diagnostics: [{ message: 'unexpected ","', line: 3, column: 5 }],
      });
    }
  });
});

describe("a number that is infinite as a double", () => {
  it.each([
    ["1e400", 1],
    ["[1, -1e400]", 5],
    [`{"a": {"b": ${"9".repeat(400)}}}`, 13],
    ['{"1e400": "1e999", "x": 0.5E+0308, "y": 1e1000}', 41],
  ])("is refused with its place: %#", (text, column) => {
    expect(() => parseJson(text)).toThrow(
      `a number is larger than a double can be, which would make it null at line 1, column ${column}`,
    );
  });

  it.each(['"1e400"', '{"1e400": "\\"1e400"}', "1e308", "-1.5e+308", "1e-400", `0.${"1".repeat(400)}`])(
    "is not %s",
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );
});

describe("findSyntaxError", () => {
  it.each([
    ["", 0],
    ["   ", 3],
    ["nul", 0],
    ["null x", 5],
    ["01", 1],
    ["-", 0],
    ["1.", 1],
    ["+1", 0],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["[,1]", 1],
    ["]", 0],
    ["[}", 1],
    ["{]", 1],
    ["[1}", 2],
    ['{"a":1]', 6],
    ["{a:1}", 1],
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a":1', 6],
    ['{"a":1}}', 7],
    ["'a'", 0],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['"\\u12g4"', 1],
    ['"abc', 4],
    ["\u00a01", 0],
    ["NaN", 0],
    ["// no", 0],
  ])("stops in %j at %i", (text, offset) => {
    expect(findSyntaxError(text)).toBe(offset);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it("refuses exactly what JSON.parse refuses, however a text was damaged", () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom("", ",", ":", "[", "}", '"', "\\", "0", "e", " "),
    );
    fc.assert(
      fc.property(fc.json(), damage, (json, [where, removed, put]) => {
        const at = where % (json.length + 1);
        const text = json.slice(0, at) + put + json.slice(at + removed);
        expect(findSyntaxError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("needs no native stack for 4 MiB of brackets", () => {
    expect(findSyntaxError("[".repeat(2 ** 22))).toBe(2 ** 22);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
