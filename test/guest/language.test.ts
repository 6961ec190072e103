import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

function run(body: string): unknown {
  const { result, failure } = play(`export async function run(ctx) {\n${body}\n}`);
  return failure === undefined ? result : failure.name;
}

describe("functions that the runtime replaces", () => {
  test.each(["Math.random", "JSON.stringify", "String.prototype.normalize"])(
    "%s is not a constructor",
    (name) => {
      expect(run(`return ["prototype" in ${name}, ${name}.length]`)).toEqual([
        false,
        name === "JSON.stringify" ? 3 : 0,
      ]);
      expect(run(`return new ${name}()`)).toBe("TypeError");
    },
  );
});

describe("RegExp", () => {
  test.each([
    ["RegExp(null).source", "null"],
    ["new RegExp(undefined).source", "(?:)"],
    ["(() => { const re = /a/; return RegExp(re) === re && new RegExp(re) !== re; })()", true],
    ["(() => { const re = /a/; re.constructor = Object; return RegExp(re) === re; })()", false],
    [
      "(() => { const like = { [Symbol.match]: true, constructor: RegExp }; return RegExp(like) === like; })()",
      true,
    ],
    [`RegExp({ [Symbol.match]: true, source: "a", flags: "g", constructor: Object }).toString()`, "/a/g"],
    [`new RegExp({ [Symbol.match]: true, source: "\\\\p{Lu}", flags: "u" }).test("Ä")`, true],
    [`new RegExp({ toString: () => "\\\\p{Lu}" }, "u").test("Ä")`, true],
    [`new RegExp("(?i:ſ)", "u").test("S") && new RegExp("(?i:ſ)", "u").source`, "(?i:ſ)"],
    [`new RegExp("a\\\\bſ|k\\\\B\u212a", "iu").test("aſ K\u212a")`, true],
    [`"aſ".replace(new RegExp("\\\\b", "giu"), "|")`, "|aſ|"],
    [`new RegExp("^[\\\\q{ſt}--\\\\q{x}]$", "iv").test("ST")`, true],
    [`new RegExp("[\\\\p{L}--x]", "u")`, "SyntaxError"],
    [`"Hi 👨‍👩‍👧‍👦👋🏽!".match(new RegExp("\\\\p{RGI_Emoji}", "gv")).length`, 2],
    [`new RegExp("[^\\\\p{RGI_Emoji}]", "v")`, "SyntaxError"],
    [`new RegExp("\\\\P{RGI_Emoji}", "v")`, "SyntaxError"],
    [`Object.hasOwn(new RegExp("\\\\p{Lu}", "u"), "source")`, false],
    [`new RegExp("\\\\p{Lu}", "u").source`, "\\p{Lu}"],
    [`String(new RegExp(new RegExp("\\\\p{Lu}", "u"), "gu"))`, "/\\p{Lu}/gu"],
    [`[..."aÄb".matchAll(new RegExp("\\\\p{Lu}", "gu"))].length`, 1],
    [`new RegExp("\\\\p{Lu}").test("p{Lu}")`, true],
    ["Object.getOwnPropertyDescriptor(RegExp.prototype, 'source').get.name", "get source"],
  ])("RegExp behaves as in the language: %s is %j", (expression, expected) => {
    expect(run(`return ${expression};`)).toEqual(expected);
  });
});

describe("weak references", () => {
  test.each([
    `new WeakRef(Symbol.for("a"))`,
    `new FinalizationRegistry(() => {}).register(Symbol.for("a"))`,
    `(() => { const one = {}; new FinalizationRegistry(() => {}).register(one, one); })()`,
    `new FinalizationRegistry(() => {}).register({}, 1, null)`,
    `new FinalizationRegistry(() => {}).unregister(1)`,
    `FinalizationRegistry.prototype.register.call({}, {})`,
  ])("an object that cannot be held weakly is refused: %s", (expression) => {
    expect(run(`return ${expression};`)).toBe("TypeError");
  });

  test("objects of a constructor without a prototype have the prototype of the class", () => {
    const body = `
      const made = Object.assign(function () {}.bind(), { prototype: 1 });
      const ref = Reflect.construct(WeakRef, [{}], made);
      const { writable } = Object.getOwnPropertyDescriptor(WeakRef.prototype, Symbol.toStringTag);
      return [Object.getPrototypeOf(ref) === WeakRef.prototype, writable, WeakRef.name, String(ref)];`;
    expect(run(body)).toEqual([true, false, "WeakRef", "[object WeakRef]"]);
  });
});

test("a workflow that deletes the globals of the language keeps its console and its result", () => {
  const names = [
    "Date",
    "RegExp",
    "Map",
    "Set",
    "Array",
    "Error",
    "Reflect",
    "JSON",
    "Math",
    "Promise",
    "Object",
  ];
  const { result, lines } = play(`export async function run() {
    const at = new Date(0);
    for (const name of ${JSON.stringify(names)}) delete globalThis[name];
    console.log("line", { at, list: [1], error: (() => { try { null.x } catch (error) { return error; } })() });
    await fetch("https://a.test/", { headers: { a: "b" } });
    return { at, list: [1] };
  }`);
  expect(lines[0]?.slice(0, 2)).toEqual(["info", "line"]);
  expect(lines[0]?.[2]).toMatchObject({
    at: "1970-01-01T00:00:00.000Z",
    list: [1],
    error: { name: "TypeError" },
  });
  expect(result).toEqual({ at: "1970-01-01T00:00:00.000Z", list: [1] });
});

describe("letters in the author's language", () => {
  test.each([
    [`"I\u0130 Ii".toLocaleLowerCase("tr")`],
    [`"I\u0323\u0307 IA\u0307 I\u0300\u0307".toLocaleLowerCase("az")`],
    [`"istanbul ı".toLocaleUpperCase("tr-TR")`],
    [`"I\u0300 J\u0325\u0301 I \u00cc \u0128".toLocaleLowerCase("lt")`],
    [`"i\u0307 j\u0323\u0307 \u012f\u0307 a\u0307".toLocaleUpperCase("lt")`],
    [`"I".toLocaleLowerCase() + "i".toLocaleUpperCase(["de", "tr"]) + "ΑΣ".toLocaleUpperCase("el")`],
    [`(() => { try { "i".toLocaleUpperCase("no tag"); } catch ({ name }) { return name; } })()`],
  ])("%s is as in Node", (expression) => {
    // oxlint-disable-next-line no-eval -- an expression of this file
    expect(run(`return ${expression};`)).toBe((0, eval)(expression));
  });
});

describe("lists in the author's language", () => {
  test.each([
    [`[1234.5, null, new Date(0), undefined, [1.5]].toLocaleString("de", { timeZone: "UTC" })`],
    [`new Float64Array([1234.5, 2]).toLocaleString("de")`],
    [`(() => { const list = [1]; list.push(list); return list.toLocaleString("de"); })()`],
    [`[3].toLocaleString("en", { style: "currency", currency: "USD" })`],
    [`Array.prototype.toLocaleString.call({ length: 2, 0: 1.5 }, "fr")`],
  ])("%s is as in Node", (expression) => {
    // oxlint-disable-next-line no-eval -- an expression of this file
    expect(run(`return ${expression};`)).toBe((0, eval)(expression));
  });
});

test("Intl.Collator accepts caseFirst and ignorePunctuation, as options and in tags", () => {
  const expression = `[
    ["a", "A", "b"].sort(new Intl.Collator("en", { caseFirst: "upper" }).compare).join(""),
    ["a", "A", "b"].sort(new Intl.Collator("en-u-kf-upper").compare).join(""),
    new Intl.Collator("en-u-kf-lower", { caseFirst: "upper" }).resolvedOptions(),
    new Intl.Collator("en", { ignorePunctuation: true }).compare("co-op, x", "coopx"),
    new Intl.Collator("en").compare.name,
  ]`;
  // oxlint-disable-next-line no-eval -- an expression of this file
  expect(run(`return ${expression};`)).toEqual((0, eval)(expression));
});

test.each([
  [
    "eng",
    "deu-AT",
    "cmn-tw",
    "iw",
    "sh",
    "cnr",
    "zh-guoyu",
    "zh-hakka",
    "art-lojban",
    "sgn-DE",
    "no-nynorsk",
    "jw",
  ],
  ["ru-SU", "hy-SU", "und-Armn-810", "sr-CS", "az-NT", "de-DD", "es-003", "en-uk", "und-Qaai"],
  ["ja-Latn-hepburn-heploc", "sl-rozaj-biske-1994", "hy-arevmda", "de-heploc-1996"],
  ["en-u-tz-eire", "en-u-rg-no23", "und-NO-u-sd-no23", "en-u-ca-islamicc-kn-true-ms-imperial", "en-u-0c-foo"],
  [
    "sl-t-sl-rozaj-biske-1994",
    "en-t-iw-m0-names",
    "de-t-m0-din-k0-qwertz",
    "en-x-private-a",
    "en-a-bcd-t-de",
  ],
])("Intl.getCanonicalLocales of %s and others is as in Node", (...tags) => {
  const expression = `${JSON.stringify(tags)}.map((tag) => Intl.getCanonicalLocales(tag)[0])`;
  // oxlint-disable-next-line no-eval -- an expression of this file
  expect(run(`return ${expression};`)).toEqual((0, eval)(expression));
});

test.each([
  "en-t",
  "en-t-ar-aao",
  "en-t-en-latn-latn",
  "en-t-d0",
  "en-u-c0",
  "zh-cmn-x",
  "i-klingon",
  "de-1996-1996",
])("%s is not a valid language tag", (tag) => {
  expect(run(`return Intl.getCanonicalLocales(${JSON.stringify(tag)})`)).toBe("RangeError");
});
