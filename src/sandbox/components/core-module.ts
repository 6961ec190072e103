import { ByteReader, WasmFormatError } from "../wasm/binary.ts";
import { readExports, readModule } from "../wasm/module.ts";

import { refuse } from "./refusal.ts";

/**
 * Finds the core module in what an author deploys: a core module, or a component of the world `workflow`.
 *
 * Toolchains wrap one core module into a component, beside modules that only connect it with its imports: trampolines,
 * and an adapter for WASI preview 1. The host enters the core module itself and answers its imports, as `glue.ts` does for
 * the JavaScript engine, so the rest of the component is not needed. It is read here rather than by wasm-tools, because
 * production installations do not include jco, and only the list of the sections is of interest.
 */

/** The version and layer after `\0asm`: 13 and 1 for a component, 1 and 0 for a module. */
const componentVersion = 13;

/** Sections of a component (component model, binary format). */
const coreModuleSection = 1;
const componentSection = 4;
const lastSection = 12;

/** Core modules of one component: toolchains write up to four. */
const maxCoreModules = 32;

/** @throws {Refusal | WasmFormatError} */
export function findCoreModule(bytes: Uint8Array): Uint8Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8));
  if (bytes.length < 8 || header.getUint32(0, true) !== 0x6d_73_61_00)
    return refuse(
      "The file is not WebAssembly: it does not begin with its magic number",
      "Deploy the binary format (.wasm). Convert text (.wat) with `wat2wasm` or `wasm-tools parse`",
    );
  const isComponent = header.getUint16(4, true) === componentVersion && header.getUint16(6, true) === 1;
  return isComponent ? mainModuleOf(bytes) : bytes;
}

function mainModuleOf(component: Uint8Array): Uint8Array {
  const modules = coreModulesOf(component);
  const mains = modules.filter(isMain);
  const [main, second] = mains;
  if (main !== undefined && second === undefined) return main;
  return refuse(
    main === undefined
      ? "The component contains no core module that exports run and settle"
      : `The component contains ${mains.length} core modules that export run and settle`,
    "Deploy a component of the world duranium:runtime/workflow that consists of one core module",
  );
}

function coreModulesOf(component: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(component);
  reader.take(8);
  const modules: Uint8Array[] = [];
  while (!reader.done) {
    const id = reader.byte();
    if (id > lastSection) throw new WasmFormatError(`Unknown section ${id} of the component`);
    const content = reader.take(reader.u32());
    if (id === componentSection)
      refuse("The component contains another component", "Deploy a component that is not composed of others");
    if (id === coreModuleSection) modules.push(content);
    if (modules.length > maxCoreModules) refuse(`The component has more than ${maxCoreModules} core modules`);
  }
  return modules;
}

function isMain(bytes: Uint8Array): boolean {
  const names = new Set(readExports(readModule(bytes)).map(({ name }) => canonicalName(name)));
  return names.has("run") && names.has("settle");
}

/**
 * The names of exports in the older form (`run`, `cabi_post_run`), which the host uses. Toolchains may write the newer
 * one, `cm32p2||run` and `cm32p2||run_post`.
 */
export function canonicalName(name: string): string {
  const known = standardNames.get(name);
  if (known !== undefined) return known;
  if (!name.startsWith(newPrefix)) return name;
  const rest = name.slice(newPrefix.length);
  return rest.endsWith("_post") ? `cabi_post_${rest.slice(0, -"_post".length)}` : rest;
}

const newPrefix = "cm32p2||";

const standardNames: ReadonlyMap<string, string> = new Map([
  ["cm32p2_memory", "memory"],
  ["cm32p2_realloc", "cabi_realloc"],
  ["cm32p2_initialize", "_initialize"],
]);

/** The interface of an import in the older form: `cm32p2|duranium:runtime/host@0.1` is `duranium:runtime/host@0.1.0`. */
export function canonicalInterface(name: string): string {
  return name === "cm32p2|duranium:runtime/host@0.1" ? "duranium:runtime/host@0.1.0" : name;
}
