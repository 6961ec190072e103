import { readExports, readFunctions, readImports, readTypes } from "../wasm/module.ts";
import type { FunctionType, Import, WasmModule } from "../wasm/module.ts";
import { canonicalInterface, canonicalName } from "./core-module.ts";
import { listOf, refuse } from "./refusal.ts";
import { wasiFunctions, wasiModule } from "./wasi/answers.ts";
import { hostFunctions, isSameType, shownType, worldExports } from "./world.ts";

/** What a module is connected by, with names in their older form. */
export interface ModuleInterface {
  readonly imports: readonly FunctionImport[];
  /** Functions by name: those of the world. */
  readonly exports: ReadonlyMap<string, number>;
}

export interface FunctionImport {
  readonly source: "host" | "wasi";
  readonly name: string;
  readonly typeIndex: number;
}

const hostInterface = "duranium:runtime/host@0.1.0";

/**
 * Reads the imports and exports of a module. Only functions of the host and of WASI preview 1 may be imported, and the
 * functions that the host calls must be there, with the types of the world.
 *
 * @throws {Refusal} with a list of all that is wrong
 */
export function checkInterface(module: WasmModule): ModuleInterface {
  const types = readTypes(module);
  const imports = checkImports(readImports(module), types);
  return { imports, exports: checkExports(module, types) };
}

function checkImports(imports: readonly Import[], types: readonly FunctionType[]): FunctionImport[] {
  const foreign = imports.filter((item) => sourceOf(item) === undefined);
  if (foreign.length > 0) {
    refuse(
      `The module imports what the sandbox does not have: ${listOf(foreign.map(shownImport))}`,
      importHint(foreign),
    );
  }
  const mistyped = imports.filter((item) => !isSameType(typeAt(types, item.typeIndex), expectedType(item)));
  if (mistyped.length > 0) {
    const items = mistyped.map((item) => {
      const [actual, expected] = [typeAt(types, item.typeIndex), expectedType(item)];
      return `${shownImport(item)} as ${shownType(actual)} instead of ${shownType(expected)}`;
    });
    refuse(`The module imports functions with other types than they have: ${listOf(items)}`, worldHint);
  }
  return imports.map((item) => {
    return { source: sourceOf(item) ?? "host", name: item.name, typeIndex: item.typeIndex ?? 0 };
  });
}

/** `undefined` if it may not be imported. */
function sourceOf({ module, name, kind }: Import): "host" | "wasi" | undefined {
  if (kind !== "function") return undefined;
  if (canonicalInterface(module) === hostInterface && hostFunctions.has(name)) return "host";
  return module === wasiModule && wasiFunctions.has(name) ? "wasi" : undefined;
}

function expectedType(item: Import): FunctionType {
  const type = sourceOf(item) === "host" ? hostFunctions.get(item.name) : wasiFunctions.get(item.name)?.type;
  return type ?? nothing;
}

const nothing: FunctionType = { parameters: [], results: [] };

function importHint(foreign: readonly Import[]): string {
  if (foreign.some(({ module }) => module.startsWith("wasi:")))
    return "Build for WASI preview 1 (wasm32-wasip1 or wasm32-wasi): the sandbox answers its functions. It has none of preview 2";
  if (foreign.some(({ kind }) => kind === "memory"))
    return "Define the memory in the module and export it, instead of importing it";
  return `Import only functions of ${hostInterface}: ${[...hostFunctions.keys()].join(", ")}`;
}

const worldHint = "Build the module for the world duranium:runtime/workflow of wit/runtime.wit";

function shownImport({ module, name, kind }: Import): string {
  return kind === "function" ? `${module}.${name}` : `the ${kind} ${module}.${name}`;
}

function checkExports(module: WasmModule, types: readonly FunctionType[]): ReadonlyMap<string, number> {
  const exported = readExports(module).map((item) => ({ ...item, name: canonicalName(item.name) }));
  const functions = functionTypes(module);
  const found = new Map<string, number>();
  const faults: string[] = [];
  for (const [name, { type, isOptional }] of worldExports) {
    const item = exported.find((candidate) => candidate.name === name && candidate.kind === "function");
    if (item === undefined) {
      if (!isOptional) faults.push(`${name} ${shownType(type)} is missing`);
      continue;
    }
    const actual = typeAt(types, functions[item.index]);
    if (!isSameType(actual, type))
      faults.push(`${name} is ${shownType(actual)} instead of ${shownType(type)}`);
    found.set(name, item.index);
  }
  if (!exported.some(({ name, kind }) => name === "memory" && kind === "memory"))
    faults.unshift("memory is missing");
  if (faults.length > 0)
    refuse(`The module does not export what the host calls: ${listOf(faults)}`, worldHint);
  return found;
}

/** The type of each function by index. */
function functionTypes(module: WasmModule): readonly (number | undefined)[] {
  const imported = readImports(module).filter(({ kind }) => kind === "function");
  return [...imported.map(({ typeIndex }) => typeIndex), ...readFunctions(module)];
}

function typeAt(types: readonly FunctionType[], index: number | undefined): FunctionType {
  return (index === undefined ? undefined : types[index]) ?? nothing;
}
