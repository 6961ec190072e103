import { ByteReader, WasmFormatError } from "../wasm/binary.ts";
import { UnknownInstructionError, readLocalCount, visitInstructions } from "../wasm/code.ts";
import { readElements } from "../wasm/elements.ts";
import { readFunctionNames } from "../wasm/function-names.ts";
import {
  findSection,
  readCode,
  readDataSegments,
  readExports,
  readFunctions,
  readGlobals,
  readImports,
  readMemories,
  readTables,
  readTypes,
  sectionIds,
} from "../wasm/module.ts";
import type { WasmModule } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import {
  maxDataSegments,
  maxExports,
  maxFunctionBytes,
  maxFunctions,
  maxGlobals,
  maxImports,
  maxInitialPages,
  maxLocals,
  maxLoopLocals,
  maxNesting,
  maxParameters,
  maxTableEntries,
  maxTables,
  maxTypes,
} from "./limits.ts";
import { listOf, refuse } from "./refusal.ts";

/**
 * Checks that a module keeps to the limits and to the instructions that metering, write tracking and images support. It
 * does not check types: V8 does.
 *
 * @throws {Refusal | WasmFormatError} for a module that cannot be run
 */
export function inspectModule(module: WasmModule): void {
  inspectCounts(module);
  inspectMemory(module);
  inspectGlobals(module);
  inspectCode(module);
}

function inspectCounts(module: WasmModule): void {
  const { function: functions, type, global, export: exported, import: imported, data } = sectionIds;
  atMost("functions", countOf(module, functions), maxFunctions);
  atMost("types", countOf(module, type), maxTypes);
  atMost("globals", countOf(module, global), maxGlobals);
  atMost("exports", countOf(module, exported), maxExports);
  atMost("imports", countOf(module, imported), maxImports);
  atMost("data segments", countOf(module, data), maxDataSegments);
  atMost("tables", countOf(module, sectionIds.table), maxTables);
  const entries = readTables(module).reduce((sum, { minimum }) => sum + minimum, 0);
  atMost("initial entries in tables", entries, maxTableEntries);
  const references = readElements(module).reduce((sum, { functions: items }) => sum + items.length, 0);
  atMost("references in element segments", references, maxTableEntries);
  for (const { parameters, results } of readTypes(module)) {
    atMost("parameters of a function", parameters.length, maxParameters);
    atMost("results of a function", results.length, maxParameters);
  }
  readDataSegments(module);
  readExports(module);
  readImports(module);
}

/** The number that a section begins with, read before the section itself. */
function countOf(module: WasmModule, id: number): number {
  const section = findSection(module, id);
  return section === undefined ? 0 : new ByteReader(section.content, section.offset).u32();
}

function inspectMemory(module: WasmModule): void {
  const [memory, second] = readMemories(module);
  if (memory === undefined) refuse("The module has no memory of its own", memoryHint);
  if (second !== undefined) refuse("The module has more than one memory", memoryHint);
  if (memory.minimum > maxInitialPages) {
    refuse(
      `The module starts with ${memory.minimum} pages of memory (${memory.minimum / 16} MiB), and the limit is ${maxInitialPages} (${maxInitialPages / 16} MiB)`,
      "Declare less initial memory, smaller static data and a smaller stack: the memory may grow at run time",
    );
  }
}

const memoryHint = "Define one memory and export it as `memory`";

function inspectGlobals(module: WasmModule): void {
  const numbers = new Set(["i32", "i64", "f32", "f64"]);
  const kept = readGlobals(module).find(({ type, mutable }) => mutable && !numbers.has(type));
  if (kept !== undefined)
    refuse(
      `The module has a mutable global of type ${kept.type}`,
      "Build it without reference types and SIMD",
    );
}

function inspectCode(module: WasmModule): void {
  const describe = describer(module);
  const unsupported = new Map<string, string>();
  const types = readTypes(module);
  const functions = readFunctions(module);
  for (const [index, body] of readCode(module).entries()) {
    try {
      const parameters = types[functions[index] ?? 0]?.parameters.length ?? 0;
      inspectBody(body, parameters, () => describe(index));
    } catch (error) {
      if (!(error instanceof UnknownInstructionError)) throw error;
      const feature = featureOf(error.opcode);
      if (!unsupported.has(feature)) unsupported.set(feature, describe(index));
    }
  }
  if (unsupported.size === 0) return;
  const found = [...unsupported].map(([feature, name]) => `${feature} (in ${name})`);
  refuse(`The module uses what the sandbox does not support: ${listOf(found)}`, featureHint);
}

const featureHint =
  "Build for WebAssembly 1.0 with bulk memory, sign extension and saturating conversions: with clang, `-mcpu=mvp -mbulk-memory -msign-ext -mnontrapping-fptoint`";

function inspectBody(body: Uint8Array, parameters: number, describe: () => string): void {
  const limit = (what: string, count: number, most: number): void => {
    if (count > most) atMost(`${what} in ${describe()}`, count, most);
  };
  limit("bytes", body.length, maxFunctionBytes);
  const locals = parameters + readLocalCount(body);
  limit("locals", locals, maxLocals);
  let depth = 0;
  let loops = 0;
  visitInstructions(body, (opcode) => {
    if (opcode === opcodes.end) depth -= 1;
    else if (opcode === opcodes.block || opcode === opcodes.loop || opcode === opcodes.if) {
      depth += 1;
      if (depth > maxNesting) limit("nested blocks", depth, maxNesting);
      if (opcode === opcodes.loop) loops += 1;
    }
  });
  limit("locals times loops", locals * loops, maxLoopLocals);
}

function atMost(what: string, count: number, most: number): void {
  if (count > most)
    refuse(
      `The module has ${count.toLocaleString("en-US")} ${what}, and the limit is ${most.toLocaleString("en-US")}`,
      "Split the program, or build it with optimization (-O2, opt-level = 2)",
    );
}

/** The name of a function that the module defines, or its index. */
function describer(module: WasmModule): (defined: number) => string {
  const imported = readImports(module).filter(({ kind }) => kind === "function").length;
  let names: ReadonlyMap<number, string> | undefined;
  return (defined) => {
    names ??= namesOf(module);
    const name = names.get(imported + defined);
    return name === undefined ? `function ${imported + defined}` : `function ${name}`;
  };
}

/** A damaged list of names does not make a module invalid. */
function namesOf(module: WasmModule): ReadonlyMap<number, string> {
  const exported = readExports(module).flatMap(({ kind, index, name }) =>
    kind === "function" ? [[index, name] as const] : [],
  );
  try {
    return new Map([...exported, ...readFunctionNames(module)]);
  } catch (error) {
    if (error instanceof WasmFormatError) return new Map(exported);
    throw error;
  }
}

/** The part of WebAssembly that an instruction belongs to. */
function featureOf(opcode: number): string {
  const known = features.find(({ from, to }) => opcode >= from && opcode <= to);
  return known?.name ?? `the instruction 0x${opcode.toString(16)}`;
}

const features: readonly { readonly from: number; readonly to: number; readonly name: string }[] = [
  { from: 0x06, to: 0x0a, name: "exceptions" },
  { from: 0x12, to: 0x13, name: "tail calls" },
  { from: 0x14, to: 0x15, name: "typed function references" },
  { from: 0x18, to: 0x19, name: "exceptions" },
  { from: 0x1f, to: 0x1f, name: "exceptions" },
  { from: 0x26, to: 0x26, name: "table.set" },
  { from: 0xd3, to: 0xd6, name: "garbage collection" },
  { from: 0xfb, to: 0xfb, name: "garbage collection" },
  { from: 0xfd, to: 0xfd, name: "SIMD" },
  { from: 0xfe, to: 0xfe, name: "threads" },
  { from: 0xfc09, to: 0xfc09, name: "data.drop" },
  { from: 0xfc0c, to: 0xfc11, name: "changes of tables" },
];
