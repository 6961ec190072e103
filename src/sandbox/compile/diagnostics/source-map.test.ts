import * as fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import type { Bundle } from "../bundler/bundle.ts";
import { createNativeBundler } from "../bundler/native-bundler.ts";
import { mapFailure, mapJson, mapPosition, mapStack, mapText } from "./source-map.ts";

const source: WorkflowSource = {
  entry: "orders.ts",
  files: {
    "orders.ts": 'import { total } from "./lib/total.ts";\n\nexport const run = (): number => total([1]);\n',
    "lib/total.ts":
      "export function total(items: number[]): number {\n  return items.reduce(add);\n}\nconst add = () => 0;\n",
  },
};

let bundle: Bundle;
beforeAll(async () => {
  await using bundler = createNativeBundler();
  bundle = await bundler.bundle(source);
});

/** The bundle's source map, and where in the bundle a text stands, as a stack has it. */
function bundled(text: string): { sourceMap: string; place: string } {
  const { code, sourceMap } = bundle;
  const before = new TextDecoder().decode(code).split(text)[0]?.split("\n") ?? [];
  return { sourceMap, place: `workflow.js:${before.length}:${(before.at(-1)?.length ?? 0) + 1}` };
}

describe("a stack", () => {
  test.each([
    ["total@", "", "at total (lib/total.ts:2:10)"],
    ["async*total@", "", "at async total (lib/total.ts:2:10)"],
    ["run/<@", "", "at run (lib/total.ts:2:10)"],
    ["@", "", "at lib/total.ts:2:10"],
    ["at total (", ")", "at total (lib/total.ts:2:10)"],
    ["    at ", "", "at lib/total.ts:2:10"],
  ])("a stack frame is mapped from %s…%s", (before, after, expected) => {
    const { sourceMap, place } = bundled("items.reduce");
    expect(mapStack(`${before}${place}${after}`, sourceMap)).toBe(expected);
  });

  test("frames of the runtime and of helpers, and lines that are not frames, are left out", () => {
    const { sourceMap, place } = bundled("items.reduce");
    const stack = [
      "Error: no",
      "load@source.js:10:14",
      "helper@workflow.js:1:1",
      `total@${place}`,
      "",
      "@:0:0",
    ];
    expect(mapStack(stack.join("\n"), sourceMap)).toBe("at total (lib/total.ts:2:10)");
  });

  test("the stack of a failure is mapped", () => {
    const { sourceMap, place } = bundled("items.reduce");
    const failure = { name: "TypeError", message: "no" };
    expect(mapFailure({ ...failure, stack: `at ${place}` }, sourceMap)).toEqual({
      ...failure,
      stack: "at lib/total.ts:2:10",
    });
    expect(mapFailure(failure, sourceMap)).toEqual(failure);
    const inner = { ...failure, stack: `at ${place}` };
    const mapped = { ...failure, stack: "at lib/total.ts:2:10" };
    expect(
      mapFailure({ ...failure, cause: { ...failure, cause: inner }, errors: [inner] }, sourceMap),
    ).toEqual({
      ...failure,
      cause: { ...failure, cause: mapped },
      errors: [mapped],
    });
  });

  test("the position of a stack is its innermost frame in the author's files", () => {
    const { sourceMap, place } = bundled("items.reduce");
    expect(mapPosition(`load@source.js:1:1\ntotal@${place}`, sourceMap)).toEqual({
      file: "lib/total.ts",
      line: 2,
      column: 10,
    });
    expect(mapPosition("load@source.js:1:1", sourceMap)).toBeUndefined();
  });

  test("a source map is parsed once for several stacks", () => {
    const { sourceMap, place } = bundled("items.reduce");
    const parse = vi.spyOn(JSON, "parse");
    try {
      const stacks = Array.from({ length: 50 }, () => mapStack(`total@${place}`, sourceMap));
      expect(new Set(stacks)).toEqual(new Set(["at total (lib/total.ts:2:10)"]));
      expect(parse.mock.calls.length).toBeLessThanOrEqual(1);
    } finally {
      parse.mockRestore();
    }
  });

  test("no frame is mapped if the source map is invalid", () => {
    for (const sourceMap of [
      "",
      "{",
      "[]",
      "null",
      '{"version":3}',
      '{"version":3,"sources":[],"mappings":5}',
    ]) {
      expect(mapStack("total@workflow.js:1:1", sourceMap)).toBe("");
      expect(mapPosition("total@workflow.js:1:1", sourceMap)).toBeUndefined();
    }
  });

  test("mapping never throws, whatever the stack", () => {
    const { sourceMap } = bundled("items.reduce");
    const frame = fc
      .tuple(fc.string(), fc.integer(), fc.integer())
      .map(([name, line, column]) => `${name}@workflow.js:${line}:${column}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), frame)), (lines) => {
        expect(typeof mapStack(lines.join("\n"), sourceMap)).toBe("string");
      }),
    );
  });
});

describe("a text", () => {
  test.each([
    [
      "TypeError: no\n    at total (PLACE)\n    at helper (workflow.js:1:1)",
      "TypeError: no\n    at total (ORIGINAL)",
    ],
    ["total@PLACE\nrun/<@PLACE\n", "at total (ORIGINAL)\nat run (ORIGINAL)\n"],
    ["it failed: total@PLACE, or PLACE (PLACE)", "it failed: total@ORIGINAL, or ORIGINAL (ORIGINAL)"],
    ["at workflow.js:1:1 of old", "at workflow.js:1:1 of old"],
    ["src/workflow.js:4:7 my-PLACE", "src/workflow.js:4:7 my-PLACE"],
    ["workflow.js:99999:1", "workflow.js:99999:1"],
    ["no position", "no position"],
  ])("a text is mapped where it names the bundle: %j", (text, expected) => {
    const { sourceMap, place } = bundled("items.reduce");
    const mapped = mapText(text.replaceAll("PLACE", place), sourceMap);
    expect(mapped.replaceAll("lib/total.ts:2:10", "ORIGINAL")).toBe(expected.replaceAll("PLACE", place));
  });

  test("strings in JSON and the messages of failures are mapped", () => {
    const { sourceMap, place } = bundled("items.reduce");
    const json = JSON.stringify(["failed", { [place]: 1, cause: { stack: `Error\n    at ${place}` } }]);
    expect(JSON.parse(mapJson(json, sourceMap))).toEqual([
      "failed",
      { [place]: 1, cause: { stack: "Error\n    at lib/total.ts:2:10" } },
    ]);
    expect(mapFailure({ name: "Error", message: `at ${place}` }, sourceMap).message).toBe(
      "at lib/total.ts:2:10",
    );
    expect(mapJson(json, "")).toBe(json);
  });
});
