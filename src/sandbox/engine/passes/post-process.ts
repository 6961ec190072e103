import { memoryCeilingPages } from "../../../domain/limits.ts";
import { meterModule } from "../../instrumentation/metering.ts";
import { trackWrites } from "../../instrumentation/write-tracking.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import {
  findSection,
  readExports,
  readGlobals,
  readImports,
  readMemories,
  readModule,
  sectionIds,
  withSection,
  writeExports,
  writeMemories,
  writeModule,
} from "../../wasm/module.ts";
import type { Export, WasmModule } from "../../wasm/module.ts";
import { reportMissingFiles } from "./missing-files.ts";

/**
 * What is done to an engine's core module, once, after it was built: a list of passes over its sections.
 * A pass takes a module and gives another; none depends on what those before it did.
 */
export type Pass = (module: WasmModule) => WasmModule;

/** The only module that an engine imports from. */
export const hostModule = "duranium:runtime/host@0.1.0";

/** The exports that a host calls. What else componentize leaves there is for its own tools. */
export const keptExports: readonly string[] = [
  "memory",
  "cabi_realloc",
  "evaluate",
  "cabi_post_evaluate",
  "run",
  "cabi_post_run",
  "settle",
  "cabi_post_settle",
  "cancel",
  "cabi_post_cancel",
];

const passes: readonly Pass[] = [
  assertHostImportsOnly,
  assertNoStart,
  keepNeededExports,
  exportMutableGlobals,
  limitMemory,
  reportMissingFiles,
  meterModule,
  trackWrites,
];

/**
 * The core module as instances are made of it.
 *
 * @param skipped what is left out, to see what it costs: an engine without all passes is for nothing else
 * @throws {WasmFormatError} where the module is not as it is known here
 */
export function postProcess(core: Uint8Array, skipped: readonly Pass[] = []): Uint8Array {
  const taken = passes.filter((pass) => !skipped.includes(pass));
  return writeModule(taken.reduce((module, pass) => pass(module), readModule(core)));
}

/** The name under which the mutable global of that index is exported. */
function globalExportName(index: number): string {
  return `$global_${index}`;
}

/** The whole promise of the sandbox in one check: there is nothing else that a guest could call. */
function assertHostImportsOnly(module: WasmModule): WasmModule {
  const foreign = readImports(module).find((item) => item.module !== hostModule || item.kind !== "function");
  if (foreign === undefined) return module;
  throw new WasmFormatError(`The engine imports ${foreign.module}.${foreign.name}, which is not of the host`);
}

/** A start function would run at every instantiation, before an image is put in. */
function assertNoStart(module: WasmModule): WasmModule {
  if (findSection(module, sectionIds.start) === undefined) return module;
  throw new WasmFormatError("The engine has a start function");
}

function keepNeededExports(module: WasmModule): WasmModule {
  const exports = readExports(module);
  const needed = keptExports.map((name) => findExport(exports, name));
  return withSection(module, sectionIds.export, writeExports(needed));
}

function findExport(exports: readonly Export[], name: string): Export {
  const found = exports.find((item) => item.name === name);
  if (found === undefined) throw new WasmFormatError(`The engine does not export ${name}`);
  return found;
}

/** Linear memory is not all that an execution changes: whoever resets an instance resets these too. */
function exportMutableGlobals(module: WasmModule): WasmModule {
  const added = readGlobals(module).flatMap(({ mutable }, index): Export[] =>
    mutable ? [{ name: globalExportName(index), kind: "global", index }] : [],
  );
  return withSection(module, sectionIds.export, writeExports([...readExports(module), ...added]));
}

/** @throws {WasmFormatError} where it has another number of memories than one, or begins with more than there may be */
export function limitMemory(module: WasmModule): WasmModule {
  const [memory, second] = readMemories(module);
  if (memory === undefined || second !== undefined)
    throw new WasmFormatError("The engine has not one memory");
  if (memory.minimum > memoryCeilingPages) {
    throw new WasmFormatError(`The engine begins with ${memory.minimum} pages, over ${memoryCeilingPages}`);
  }
  const limited = { minimum: memory.minimum, maximum: memoryCeilingPages };
  return withSection(module, sectionIds.memory, writeMemories([limited]));
}
