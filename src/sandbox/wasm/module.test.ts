import { parse } from "@bytecodealliance/jco";
import { array, assert, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { WasmFormatError } from "./binary.ts";
import {
  findSection,
  memorySegments,
  readDataSegments,
  readCode,
  readExports,
  readFunctions,
  readGlobals,
  readImports,
  readMemories,
  readModule,
  readTypes,
  sectionIds,
  withSection,
  writeCode,
  writeExports,
  writeIndices,
  writeMemories,
  writeDataSegments,
  writeModule,
} from "./module.ts";

const text = `(module
  (import "env" "log" (func (param i32 i64) (result f64)))
  (import "env" "limit" (global i32))
  (table 2 4 funcref)
  (memory 1 3)
  (global (mut i64) (i64.const -5))
  (global f32 (f32.const 1.5))
  (func $f (export "f") (param i32) (result i32) local.get 0)
  (func $start)
  (export "memory" (memory 0))
  (start $start)
  (elem (i32.const 0) $f)
  (data (i32.const 8) "hello"))`;

const bytes = await parse(text);
const everySection = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

describe("a module", () => {
  test("an unchanged module is written with its original bytes", () => {
    const module = readModule(bytes);
    expect(module.sections.map(({ id }) => id).filter((id) => id !== sectionIds.custom)).toEqual(
      everySection,
    );
    expect(writeModule(module)).toEqual(bytes);
  });

  test("the sections of a module are read", () => {
    const module = readModule(bytes);
    expect(readTypes(module)[0]).toEqual({ parameters: ["i32", "i64"], results: ["f64"] });
    expect(readImports(module)).toEqual([
      { module: "env", name: "log", kind: "function", typeIndex: 0 },
      { module: "env", name: "limit", kind: "global", mutable: false },
    ]);
    expect(readMemories(module)).toEqual([{ minimum: 1, maximum: 3 }]);
    expect(readGlobals(module).map(({ type, mutable }) => [type, mutable])).toEqual([
      ["i64", true],
      ["f32", false],
    ]);
    expect(readExports(module)).toEqual([
      { name: "f", kind: "function", index: 1 },
      { name: "memory", kind: "memory", index: 0 },
    ]);
    expect(readCode(module)).toEqual([Uint8Array.of(0x00, 0x20, 0x00, 0x0b), Uint8Array.of(0x00, 0x0b)]);
  });

  test("a module that is truncated inside a section is refused", () => {
    const ends = new Set([
      8,
      ...readModule(bytes).sections.map(({ offset, content }) => offset + content.length),
    ]);
    for (let length = 0; length < bytes.length; length += 1) {
      const read = (): unknown => readModule(bytes.subarray(0, length));
      if (ends.has(length)) expect(read).not.toThrow();
      else expect(read).toThrow(WasmFormatError);
    }
  });

  test("a module with a truncated section is refused", () => {
    for (const { id, content } of readModule(bytes).sections) {
      const read = sectionReaders[id];
      if (read === undefined) continue;
      for (let length = 0; length < content.length; length += 1) {
        const cut = withSection(readModule(bytes), id, content.subarray(0, length));
        expect(() => read(cut)).toThrow(WasmFormatError);
      }
      const longer = withSection(readModule(bytes), id, Uint8Array.of(...content, 0));
      expect(() => read(longer)).toThrow(WasmFormatError);
    }
  });

  test.each([
    ["something else", [0x7f, 0x45, 0x4c, 0x46, 1, 0, 0, 0]],
    ["a component", [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]],
    ["a module with an unknown section", [...bytes, 13, 0]],
    ["a module with a section twice", [...bytes.subarray(0, 8), 1, 1, 0, 1, 1, 0]],
    ["a module with sections out of order", [...bytes.subarray(0, 8), 3, 1, 0, 1, 1, 0]],
    [
      "a section with a length of six bytes",
      [...bytes.subarray(0, 8), 1, 0x81, 0x80, 0x80, 0x80, 0x80, 0, 0],
    ],
  ])("a module is not read from %s", (_what, wrong) => {
    expect(() => readModule(Uint8Array.from(wrong))).toThrow(WasmFormatError);
  });

  test.each([
    ["shared", "(module (memory 1 2 shared))"],
    ["64-bit", "(module (memory i64 1))"],
  ])("a module with a %s memory is refused", async (_kind, source) => {
    const module = readModule(await parse(source));
    expect(() => readMemories(module)).toThrow(WasmFormatError);
  });

  test("a module with changed bytes is either understood or refused", () => {
    const change = record({ at: nat({ max: bytes.length - 1 }), to: nat({ max: 255 }) });
    assert(
      property(array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const { at, to } of changes) changed[at] = to;
        try {
          const module = readModule(changed);
          for (const read of Object.values(sectionReaders)) read(module);
        } catch (error) {
          expect(error).toBeInstanceOf(WasmFormatError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the engine's core", () => {
  test("the engine's core is written with its original bytes, as a whole and by section", async () => {
    const { core } = await testEngineStore().current();
    const module = readModule(core);
    expect(isSame(writeModule(module), core)).toBe(true);
    const written = {
      [sectionIds.function]: writeIndices(readFunctions(module)),
      [sectionIds.memory]: writeMemories(readMemories(module)),
      [sectionIds.export]: writeExports(readExports(module)),
      [sectionIds.code]: writeCode(readCode(module)),
    };
    for (const [id, content] of Object.entries(written)) {
      const section = findSection(module, Number(id));
      expect(section !== undefined && isSame(content, section.content), `section ${id}`).toBe(true);
    }
  });

  test("the engine's core with a truncated section is refused", async () => {
    const { core } = await testEngineStore().current();
    for (const { offset, content } of readModule(core).sections) {
      for (const length of [offset - 1, offset, offset + content.length - 1]) {
        expect(() => readModule(core.subarray(0, length))).toThrow(WasmFormatError);
      }
    }
  });
});

const sectionReaders: Readonly<Record<number, (module: ReturnType<typeof readModule>) => unknown>> = {
  [sectionIds.type]: readTypes,
  [sectionIds.import]: readImports,
  [sectionIds.function]: readFunctions,
  [sectionIds.memory]: readMemories,
  [sectionIds.global]: readGlobals,
  [sectionIds.export]: readExports,
  [sectionIds.code]: readCode,
};

/** Comparing 12 MB element by element is slow. */
function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

describe("the data of a module", () => {
  test.each([
    ["put into memory when an instance is made", '(data (i32.const 8) "abc")', true],
    ["taken by the code", '(data "abc")', false],
  ])("data segments are distinguished: %s", async (_what, data, isActive) => {
    const segments = readDataSegments(readModule(await parse(`(module (memory 1) ${data})`)));
    expect(segments.map((segment) => segment.isActive)).toEqual([isActive]);
  });

  test("data segments reproduce any content of the memory", async () => {
    const module = readModule(
      await parse('(module (memory (export "memory") 2) (data (i32.const 8) "gone"))'),
    );
    const content = new Uint8Array(2 * 65_536);
    content.set([1, 2, 3], 300);
    content.set([4], 65_535);
    content.set([5, 0, 0, 6], 2 * 65_536 - 4);
    const segments = memorySegments(content);
    const written = writeModule(withSection(module, sectionIds.data, writeDataSegments(segments)));
    const instance = new WebAssembly.Instance(await WebAssembly.compile(new Uint8Array(written)), {});
    expect(segments).toHaveLength(3);
    expect(new Uint8Array((instance.exports["memory"] as WebAssembly.Memory).buffer)).toEqual(content);
  });
});
