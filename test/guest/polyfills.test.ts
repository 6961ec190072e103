import { afterAll, describe, expect, test } from "vitest";
import { createNativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";
import { instantiateCore } from "../../src/sandbox/instances/glue.ts";
import { compiledTestEngine } from "../support/engine.ts";

const bundler = createNativeBundler();
const engine = await compiledTestEngine();
afterAll(async () => await bundler[Symbol.asyncDispose]());

const context = {
  workflowId: "polyfills",
  version: 1,
  executionId: "inv_1polyfills",
  seed: new Uint8Array(32),
  now: 0,
  callbackUrl: "https://callbacks.invalid/",
};

async function bundleOf(source: string): Promise<string> {
  const { code } = await bundler.bundle({
    entry: "workflow.ts",
    files: { "workflow.ts": source, "a.cjs": "exports.a = 1;" },
  });
  return new TextDecoder().decode(code);
}

async function play(expression: string): Promise<unknown> {
  const bundle = await bundleOf(`export const run = () => ${expression};`);
  const guest = instantiateCore(engine);
  guest.meter.begin({ fuel: 20e9, memoryPages: 1_024 });
  expect(guest.evaluate(new TextEncoder().encode(bundle))).toBeUndefined();
  guest.meter.begin({ fuel: 20e9, memoryPages: 1_024 });
  const { completion } = guest.run(context, new TextEncoder().encode("null"));
  return JSON.parse(new TextDecoder().decode(completion?.json));
}

describe("polyfills that a workflow uses", () => {
  test.each<[string, readonly (readonly [expression: string, expected: unknown])[]]>([
    [
      "Intl.Locale",
      [
        [`new Intl.Locale("zh-tw").maximize().toString()`, "zh-Hant-TW"],
        [`typeof Intl.Locale + (Intl.getCanonicalLocales(new Intl.Locale("DE-at"))[0])`, "functionde-AT"],
      ],
    ],
    [
      "Intl.Segmenter",
      [
        [`[...new Intl.Segmenter("en").segment("a👩‍👩‍👧‍👦é")].length`, 3],
        [
          `[...new Intl.Segmenter("en", { granularity: "word" }).segment("Hi, you")].filter((one) => one.isWordLike).length`,
          2,
        ],
        [`new Intl.Segmenter(["xyz", "ar"]).resolvedOptions().locale`, "ar"],
      ],
    ],
    [
      "Intl.DurationFormat",
      [
        [`new Intl.DurationFormat(["xyz", "de"]).resolvedOptions().locale`, "de"],
        [
          `new Intl.DurationFormat("de", { style: "long" }).format({ hours: 1, minutes: 30 })`,
          "1 Stunde, 30 Minuten",
        ],
      ],
    ],
    [
      "all of Intl",
      [
        [
          `[Intl.Segmenter, Intl.Locale, Intl.DurationFormat].map(({ name }) => name).join()`,
          "Segmenter,Locale,DurationFormat",
        ],
      ],
    ],
    [
      "Temporal, with the engine's time zones and calculated calendars, and no others",
      [
        [
          `Temporal.ZonedDateTime.from("2026-03-29T01:30+01:00[Europe/Berlin]").add({ hours: 1 }).toString()`,
          "2026-03-29T03:30:00+02:00[Europe/Berlin]",
        ],
        [
          `["buddhist", "coptic", "ethiopic", "hebrew", "indian", "islamic-civil", "japanese", "persian", "roc", "chinese", "dangi", "islamic-umalqura"]
            .map((calendar) => { try { return Temporal.PlainDate.from("2026-03-29").withCalendar(calendar).year; } catch ({ name }) { return name; } })`,
          [2569, 1742, 2018, 5786, 1948, 1447, 2026, 1405, 115, "RangeError", "RangeError", "RangeError"],
        ],
      ],
    ],
  ])("a workflow can use %s", async (_name, cases) => {
    const expressions = cases.map(([expression]) => expression);
    expect(await play(`[${expressions.join(",\n")}]`)).toEqual(cases.map(([, expected]) => expected));
  });

  test("a workflow can use URLPattern", async () => {
    const id = `new URLPattern({ pathname: "/orders/:id" }).exec("https://a.test/orders/7").pathname.groups.id`;
    expect(await play(id)).toBe("7");
  });
});

test.each([
  ["uses neither", "export const run = () => 1;"],
  ["has a Temporal of its own", "export const run = (Temporal) => Temporal;"],
  ["has CommonJS", 'import "./a.cjs"; export const run = () => 1;'],
])("a bundle that %s contains no polyfill", async (_what, source) => {
  expect((await bundleOf(source)).length).toBeLessThan(4_000);
});
