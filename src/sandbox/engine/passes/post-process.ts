import { memoryCeilingPages } from "../../../domain/limits.ts";
import { meterModule, meterUntrustedModule } from "../../instrumentation/metering.ts";
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
 * Post-processing of an engine's core module after its build: a list of passes over its sections. A pass
 * takes a module and returns another; no pass depends on an earlier one.
 */
export type Pass = (module: WasmModule) => WasmModule;

/** The only module that an engine imports from. */
export const hostModule = "duranium:runtime/host@0.1.0";

/** The exports that a host calls. Other exports of componentize are for its own tools. */
export const keptExports: readonly string[] = [
  "memory",
  "cabi_realloc",
  "evaluate",
  "cabi_post_evaluate",
  "declarations",
  "cabi_post_declarations",
  "extend",
  "cabi_post_extend",
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

/** The passes for a module that an author supplies. */
const untrustedPasses: readonly Pass[] = passes
  .filter((pass) => pass !== reportMissingFiles)
  .map((pass) => (pass === meterModule ? meterUntrustedModule : pass));

/**
 * Returns the core module from which instances are created.
 *
 * @param skipped passes to leave out, for measuring their cost; such an engine must not be used otherwise
 * @throws {WasmFormatError} if the module does not have the expected form
 */
export function postProcess(core: Uint8Array, skipped: readonly Pass[] = []): Uint8Array {
  const taken = passes.filter((pass) => !skipped.includes(pass));
  return writeModule(taken.reduce((module, pass) => pass(module), readModule(core)));
}

/**
 * Returns the core module from which instances of a workflow are created that its author compiled to WebAssembly.
 *
 * @throws {WasmFormatError} if the module does not have the expected form
 */
export function postProcessUntrusted(core: Uint8Array): Uint8Array {
  return writeModule(untrustedPasses.reduce((module, pass) => pass(module), readModule(core)));
}

/** The export name of the mutable global with that index. */
function globalExportName(index: number): string {
  return `$global_${index}`;
}

/** The isolation of the sandbox in one check: an engine can call nothing but these imports. */
function assertHostImportsOnly(module: WasmModule): WasmModule {
  const foreign = readImports(module).find((item) => item.module !== hostModule || item.kind !== "function");
  if (foreign === undefined) return module;
  throw new WasmFormatError(
    `The engine imports ${foreign.module}.${foreign.name}, which is not a function of the host`,
  );
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

/** An execution changes globals as well as linear memory, so the host must be able to reset them. */
function exportMutableGlobals(module: WasmModule): WasmModule {
  const added = readGlobals(module).flatMap(({ mutable }, index): Export[] =>
    mutable ? [{ name: globalExportName(index), kind: "global", index }] : [],
  );
  return withSection(module, sectionIds.export, writeExports([...readExports(module), ...added]));
}

/**
 * @throws {WasmFormatError} if the module does not have exactly one memory, or starts with more than the
 *   ceiling
 */
export function limitMemory(module: WasmModule): WasmModule {
  const [memory, second] = readMemories(module);
  if (memory === undefined || second !== undefined)
    throw new WasmFormatError("The engine does not have exactly one memory");
  if (memory.minimum > memoryCeilingPages) {
    throw new WasmFormatError(
      `The engine starts with ${memory.minimum} pages of memory, and the limit is ${memoryCeilingPages}`,
    );
  }
  const limited = { minimum: memory.minimum, maximum: memoryCeilingPages };
  return withSection(module, sectionIds.memory, writeMemories([limited]));
}
