import { parse } from "@bytecodealliance/jco";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WasmFormatError } from "../wasm/binary.ts";
import { editBody, namesMemory, visitInstructions } from "../wasm/code.ts";
import type { Edit } from "../wasm/code.ts";
import { readCode, readModule, sectionIds, withSection, writeCode, writeModule } from "../wasm/module.ts";
import type { WasmModule } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { dirtyPageBytes, dirtyPagesExport } from "./dirty-pages.ts";
import { trackWrites } from "./write-tracking.ts";

const memoryPages = 64;
const memoryBytes = memoryPages * 65_536;

describe("write tracking", () => {
  test.each([
    ["a store of each width", storesOfEachWidth()],
    ["a store that ends on the next page", "(i64.store (i32.const 4092) (i64.const -1))"],
    ["a store far behind its address", "(i32.store offset=40960 (i32.const 4) (i32.const -1))"],
    [
      "a store far behind an address that was noted",
      "(local.set 0 (i32.const 8)) (i32.store (local.get 0) (i32.const -1)) (i32.store offset=8192 (local.get 0) (i32.const -1))",
    ],
    [
      "a store through a local that was assigned again",
      "(local.set 0 (i32.const 8)) (i32.store (local.get 0) (i32.const -1)) (local.set 0 (i32.const 40960)) (i32.store (local.get 0) (i32.const -1))",
    ],
    [
      "a store through a local that is assigned while its value waits",
      "(local.set 0 (i32.const 8)) (i32.store (local.get 0) (local.tee 0 (i32.const 40960))) (i32.store (local.get 0) (i32.const -1))",
    ],
    [
      "a store in a loop that moves on",
      `(local.set 0 (i32.const 16))
       (i32.store (local.get 0) (i32.const -1))
       (loop (i32.store (local.get 0) (i32.const -1))
         (local.set 0 (i32.add (local.get 0) (i32.const 8192)))
         (br_if 0 (i32.lt_u (local.get 0) (i32.const 65536))))`,
    ],
    [
      "a store behind one that may not have been",
      `(local.set 0 (i32.const 8192))
       (if (local.get 1) (then (i32.store (local.get 0) (i32.const -1))))
       (i32.store (local.get 0) (i32.const -1))`,
    ],
    [
      "a store behind a way around another",
      `(local.set 0 (i32.const 8192))
       (block (br_if 0 (i32.eqz (local.get 1))) (i32.store (local.get 0) (i32.const -1)))
       (i32.store (local.get 0) (i32.const -1))`,
    ],
    ["bytes that are filled", "(memory.fill (i32.const 4000) (i32.const 7) (i32.const 20000))"],
    [
      "bytes that are copied",
      "(i32.store (i32.const 0) (i32.const -1)) (memory.copy (i32.const 32764) (i32.const 0) (i32.const 8))",
    ],
    [
      "the last bytes that there are",
      `(memory.fill (i32.const ${memoryBytes - 5000}) (i32.const 7) (i32.const 5000))
       (i32.store8 (i32.const ${memoryBytes - 1}) (i32.const 1))`,
    ],
  ])("write tracking flags %s", async (_what, body) => {
    await expectNoted(body);
  });

  test("write tracking flags a store that names its memory", async () => {
    const plain = readModule(await wasmOf("(i32.store offset=40960 (i32.const 4) (i32.const -1))"));
    const named = readCode(plain).map((body) => {
      const edits: Edit[] = [];
      visitInstructions(body, (opcode, start) => {
        const bytes = Uint8Array.of(namesMemory | 2, 0);
        if (opcode === opcodes.i32Store) edits.push({ start: start + 1, end: start + 2, bytes });
      });
      return editBody(body, edits);
    });
    const { notes } = await runModule(withSection(plain, sectionIds.code, writeCode(named)));
    expect(notes.flatMap((note, page) => (note === 1 ? [page] : []))).toEqual([10]);
  });

  test("write tracking flags only pages that may be written", async () => {
    const { notes } = await run("(i32.store (i32.const 8192) (i32.const -1))");
    expect(notes.flatMap((note, page) => (note === 1 ? [page] : []))).toEqual([2]);
  });

  test("a page is not flagged again where the code shows that it was", async () => {
    const fields = "(i32.store offset=4 (local.get 0) (i32.const 1))".repeat(5);
    const once = await trackedBytes(`(local.set 0 (i32.const 64)) ${fields}`);
    const never = await wasmOf(`(local.set 0 (i32.const 64)) ${fields}`);
    const [firstOnly] = [
      await trackedBytes("(local.set 0 (i32.const 64)) (i32.store (local.get 0) (i32.const 1))"),
    ];
    const plainFirst = await wasmOf("(local.set 0 (i32.const 64)) (i32.store (local.get 0) (i32.const 1))");
    expect(once.length - never.length).toBe(firstOnly.length - plainFirst.length);
  });

  test("every write of a generated program is flagged", async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    for (const given of [7, seed]) {
      await fc.assert(fc.asyncProperty(anyProgram, expectNoted), { seed: given, numRuns: 30 });
    }
  });

  test("write tracking refuses a module with a second memory", async () => {
    const module = readModule(await parse("(module (memory 1) (memory 1) (func))"));
    expect(() => trackWrites(module)).toThrow(WasmFormatError);
  });
});

function storesOfEachWidth(): string {
  const stores = ["i32.store", "i64.store", "f32.store", "f64.store", "i32.store8", "i32.store16"];
  return [...stores, "i64.store8", "i64.store16", "i64.store32"]
    .map((store, index) => {
      const [type = ""] = store.split(".");
      return `(${store} (i32.const ${(index + 1) * 8192}) (${type}.const -1))`;
    })
    .join(" ");
}

/** A function with three i32 locals, the second of which is 0, and an f64 one that nothing uses. */
function wasmOf(body: string): Promise<Uint8Array> {
  return parse(`(module (memory (export "memory") ${memoryPages})
    (func (export "run") (local i32 i32 i32) (local f64) ${body}))`);
}

async function trackedBytes(body: string): Promise<Uint8Array> {
  return writeModule(trackWrites(readModule(await wasmOf(body))));
}

async function run(body: string): Promise<Run> {
  return await runModule(readModule(await wasmOf(body)));
}

interface Run {
  readonly memory: Uint8Array;
  readonly notes: number[];
}

async function runModule(plain: WasmModule): Promise<Run> {
  const module = await WebAssembly.compile(new Uint8Array(writeModule(trackWrites(plain))));
  const { exports: exported } = new WebAssembly.Instance(module, {});
  const exports = exported as Record<string, WebAssembly.Memory> & { run: () => void };
  exports.run();
  const bytesOf = (name: string) => new Uint8Array(exports[name]?.buffer ?? new ArrayBuffer(0));
  return {
    memory: bytesOf("memory"),
    notes: [...bytesOf(dirtyPagesExport)].slice(0, memoryBytes / dirtyPageBytes),
  };
}

/** What was written is not zero any more, as all of the memory was. */
async function expectNoted(body: string): Promise<void> {
  const { memory, notes } = await run(body);
  const missed = notes.flatMap((note, page) => {
    const written = memory
      .subarray(page * dirtyPageBytes, (page + 1) * dirtyPageBytes)
      .some((byte) => byte !== 0);
    return written && note !== 1 && notes[page - 1] !== 1 ? [page] : [];
  });
  expect(missed).toEqual([]);
  expect(memory.some((byte) => byte !== 0)).toBe(true);
}

const anyAddress = fc.integer({ min: 0, max: memoryBytes / 2 });
const anyLocal = fc.constantFrom(0, 1);

/** Statements of two locals that hold addresses, in blocks that are left, entered again and gone around. */
const { statement } = fc.letrec<{ statement: string; statements: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(anyLocal, anyAddress).map(([local, address]) => `(local.set ${local} (i32.const ${address}))`),
    fc
      .tuple(anyLocal, anyLocal, fc.integer({ min: 0, max: 9_000 }))
      .map(
        ([local, from, by]) =>
          `(local.set ${local} ${inMemory(`(i32.add (local.get ${from}) (i32.const ${by}))`)})`,
      ),
    fc
      .tuple(anyLocal, fc.constantFrom("i32", "i64"), fc.constantFrom(0, 8, 4_072, 4_080, 4_096, 70_000))
      .map(([local, type, by]) => `(${type}.store offset=${by} (local.get ${local}) (${type}.const -1))`),
    fc
      .tuple(anyLocal, anyLocal, anyAddress)
      .map(
        ([local, other, address]) =>
          `(i32.store (local.get ${local}) (i32.or (local.tee ${other} (i32.const ${address})) (i32.const 1)))`,
      ),
    fc
      .tuple(anyLocal, fc.integer({ min: 0, max: 20_000 }))
      .map(([local, length]) => `(memory.fill (local.get ${local}) (i32.const 5) (i32.const ${length}))`),
    fc.tuple(anyLocal, tie("statements")).map(([local, body]) => `(block (br_if 0 ${odd(local)}) ${body})`),
    fc
      .tuple(anyLocal, tie("statements"), tie("statements"))
      .map(([local, then, otherwise]) => `(if ${odd(local)} (then ${then}) (else ${otherwise}))`),
    fc
      .tuple(anyLocal, tie("statements"))
      .map(([local, body]) => `(loop ${body} ${moveOn(local)} (br_if 0 ${someRoundsMore}))`),
  ),
  statements: fc.array(tie("statement"), { maxLength: 4 }).map((all) => all.join(" ")),
}));

/** Ends with a store, so that something is written. */
const anyProgram = fc
  .array(statement, { minLength: 1, maxLength: 8 })
  .map((all) => `${all.join(" ")} (i32.store (local.get 0) (i32.const -1))`);

/** In all loops of a program together. */
const someRoundsMore = "(i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 40))";

function moveOn(local: number): string {
  return `(local.set ${local} ${inMemory(`(i32.add (local.get ${local}) (i32.const 12345))`)})`;
}

function inMemory(address: string): string {
  return `(i32.and ${address} (i32.const ${memoryBytes / 2 - 1}))`;
}

function odd(local: number): string {
  return `(i32.and (local.get ${local}) (i32.const 1))`;
}
