import { memoryCeilingPages } from "../../../domain/limits.ts";
import { dirtyPagesExport } from "../../instrumentation/dirty-pages.ts";
import { meterExports } from "../../instrumentation/meter-globals.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import {
  findSection,
  readExports,
  readFunctions,
  readGlobals,
  readImports,
  readMemories,
  readModule,
  readTypes,
  sectionIds,
} from "../../wasm/module.ts";
import type { Export, FunctionType, ValueType, WasmModule } from "../../wasm/module.ts";
import { hostModule } from "../passes/post-process.ts";

/**
 * The lowered form of the world `workflow` of `wit/runtime.wit`: the functions that an engine imports, and those that
 * its host calls, by the canonical ABI. A list or a string is two numbers, its pointer and its length.
 */

const hostImports: Readonly<Record<string, FunctionType>> = {
  call: signature("i32 i32 i32 i32 i32 i32 i32"),
  abandon: signature("i32"),
  complete: signature("i32 i32"),
  fail: signature("i32 i32"),
  log: signature("i32 i32 i32"),
  compute: signature("i32 i32 i32 i32 i32 i32 i32"),
};

const enteredExports: Readonly<Record<string, FunctionType>> = {
  cabi_realloc: signature("i32 i32 i32 i32", "i32"),
  evaluate: signature("i32 i32", "i32"),
  cabi_post_evaluate: signature("i32"),
  declarations: signature("", "i32"),
  cabi_post_declarations: signature("i32"),
  extend: signature("i32 i32"),
  cabi_post_extend: signature(""),
  // workflow-id, version, execution-id, entry-point, seed, now, callback-url; payload.
  run: signature("i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 f64 i32 i32 i32 i32"),
  cabi_post_run: signature(""),
  settle: signature("i32 f64 i32 i32 i32 i32"),
  cabi_post_settle: signature(""),
  cancel: signature("f64"),
  cabi_post_cancel: signature(""),
};

/**
 * Checks that a finished core module is one that instances are created from: it imports functions of the host and
 * nothing else, exports what its host calls, has the meter and the flags of written pages, and no start function. Its
 * code is not read: `check-core.ts` validates it.
 *
 * @throws {WasmFormatError} that names the import or the export
 */
export function assertEngineCore(core: Uint8Array): void {
  const module = readModule(core);
  assertImports(module);
  if (findSection(module, sectionIds.start) !== undefined)
    throw new WasmFormatError("The engine has a start function");
  const exports = new Map(readExports(module).map((each) => [each.name, each]));
  for (const [name, type] of Object.entries(enteredExports))
    assertFunction(module, exports.get(name), name, type);
  assertMemories(module, exports);
  assertGlobals(module, exports);
}

function assertImports(module: WasmModule): void {
  const types = readTypes(module);
  for (const { module: from, name, kind, typeIndex = -1 } of readImports(module)) {
    const expected = Object.hasOwn(hostImports, name) ? hostImports[name] : undefined;
    if (from !== hostModule || kind !== "function" || expected === undefined)
      throw new WasmFormatError(`The engine imports ${from}.${name}, which is not a function of the host`);
    assertType(types[typeIndex], expected, `imports ${name}`);
  }
}

function assertFunction(
  module: WasmModule,
  exported: Export | undefined,
  name: string,
  expected: FunctionType,
): void {
  if (exported?.kind !== "function")
    throw new WasmFormatError(`The engine does not export the function ${name}`);
  const imported = readImports(module).filter(({ kind }) => kind === "function");
  const typeIndex =
    imported[exported.index]?.typeIndex ?? readFunctions(module)[exported.index - imported.length] ?? -1;
  assertType(readTypes(module)[typeIndex], expected, `exports ${name}`);
}

/** Two memories: the guest's, and the flags of its written pages. */
function assertMemories(module: WasmModule, exports: ReadonlyMap<string, Export>): void {
  const memories = readMemories(module);
  const isExported = (name: string, index: number): boolean => {
    const exported = exports.get(name);
    return exported?.kind === "memory" && exported.index === index;
  };
  const [memory] = memories;
  if (
    memories.length !== 2 ||
    !isExported("memory", 0) ||
    !isExported(dirtyPagesExport, 1) ||
    memory === undefined
  )
    throw new WasmFormatError(
      `The engine does not export two memories, "memory" and "${dirtyPagesExport}": its writes are not tracked`,
    );
  if (
    memory.minimum > memoryCeilingPages ||
    (memory.maximum ?? Number.POSITIVE_INFINITY) > memoryCeilingPages
  )
    throw new WasmFormatError(
      `The engine's memory is not limited to ${memoryCeilingPages} pages, but starts with ${memory.minimum} and has the maximum ${memory.maximum ?? "of its machine"}`,
    );
}

/** Every mutable global is part of an image or of the meter, so the host must be able to set it. */
function assertGlobals(module: WasmModule, exports: ReadonlyMap<string, Export>): void {
  const globals = readGlobals(module);
  const imported = readImports(module).filter(({ kind }) => kind === "global").length;
  const meter: Readonly<Record<string, ValueType>> = {
    [meterExports.fuel]: "i64",
    [meterExports.pages]: "i32",
    [meterExports.pageLimit]: "i32",
    [meterExports.refused]: "i32",
  };
  for (const [name, type] of Object.entries(meter)) {
    const exported = exports.get(name);
    const global = exported?.kind === "global" ? globals[exported.index - imported] : undefined;
    if (global?.type !== type || !global.mutable)
      throw new WasmFormatError(`The engine does not export the global ${name}: its fuel is not metered`);
  }
  const exportedGlobals = new Set(
    [...exports.values()].flatMap(({ kind, index }) => (kind === "global" ? [index - imported] : [])),
  );
  const hidden = globals.findIndex(({ mutable }, index) => mutable && !exportedGlobals.has(index));
  if (hidden !== -1)
    throw new WasmFormatError(
      `The engine does not export its mutable global ${hidden}, so it cannot be reset`,
    );
}

function assertType(type: FunctionType | undefined, expected: FunctionType, what: string): void {
  const shown = shownType(type);
  if (shown !== shownType(expected))
    throw new WasmFormatError(`The engine ${what} as ${shown}, and the host expects ${shownType(expected)}`);
}

function shownType(type: FunctionType | undefined): string {
  if (type === undefined) return "a function of an unknown type";
  return `(${type.parameters.join(", ")}) → (${type.results.join(", ")})`;
}

function signature(parameters: string, results = ""): FunctionType {
  return { parameters: typesOf(parameters), results: typesOf(results) };
}

function typesOf(text: string): ValueType[] {
  return text.split(" ").filter((type) => type !== "") as ValueType[];
}
