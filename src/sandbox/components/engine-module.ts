import { ByteReader } from "../wasm/binary.ts";
import { assemble, editBody, visitInstructions } from "../wasm/code.ts";
import type { Edit } from "../wasm/code.ts";
import { readElements, writeElements } from "../wasm/elements.ts";
import {
  composeModule,
  findSection,
  readCode,
  readFunctions,
  readGlobals,
  readTypes,
  sectionIds,
  writeCode,
  writeExports,
  writeGlobals,
  writeImports,
  writeIndices,
  writeTypes,
} from "../wasm/module.ts";
import type { Export, FunctionType, WasmModule } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { addedFunctions } from "./added-functions.ts";
import type { AddedFunction, FunctionIndices } from "./added-functions.ts";
import type { ModuleInterface } from "./interface-check.ts";
import { hostFunctions } from "./world.ts";
import { wasiGlobals } from "./wasi/wasi-globals.ts";

/**
 * Rewrites an inspected module into one with the exports of an engine, which imports functions of the host alone.
 *
 * Imports of WASI become functions of the module. Functions that the host calls and that the module lacks are added.
 * `evaluate` first runs what a module runs when it is instantiated, so that the image contains its effects. `memory.init`
 * is replaced, because it writes memory without being tracked or charged. Custom sections are left out.
 *
 * Functions of WASI stand among the imports, so that the indices of all functions change.
 */
export function toEngineModule(module: WasmModule, { imports, exports }: ModuleInterface): WasmModule {
  const usesWasi = imports.some(({ source }) => source === "wasi");
  const host = hostImports(imports, readTypes(module), usesWasi);
  const defined = readFunctions(module);
  const startSection = findSection(module, sectionIds.start);
  const start = startSection === undefined ? undefined : new ByteReader(startSection.content).u32();
  const bodies = readCode(module);
  const added = addedFunctions({ imports, exports, start, usesWasi, segments: copiedSegments(bodies) });
  const firstAdded = host.imports.length + defined.length;
  const indexOfAdded = (name: string): number =>
    firstAdded + added.findIndex((candidate) => candidate.name === name);
  const indices: FunctionIndices = {
    ofHost: (name) => host.imports.findIndex((item) => item.name === name),
    ofAdded: indexOfAdded,
    ofModule: (index) => {
      const imported = imports[index];
      if (imported === undefined) return index - imports.length + host.imports.length;
      return imported.source === "wasi"
        ? indexOfAdded(`wasi ${imported.name}`)
        : host.imports.findIndex((item) => item.name === imported.name);
    },
    firstGlobal: readGlobals(module).length,
  };
  return compose(module, { host, defined, bodies, added, indices, exports, usesWasi });
}

interface Parts {
  readonly host: HostImports;
  readonly defined: readonly number[];
  readonly bodies: readonly Uint8Array[];
  readonly added: readonly AddedFunction[];
  readonly indices: FunctionIndices;
  readonly exports: ReadonlyMap<string, number>;
  readonly usesWasi: boolean;
}

function compose(module: WasmModule, parts: Parts): WasmModule {
  const { host, defined, bodies, added, indices, usesWasi } = parts;
  const segmentOf = (segment: number) => indices.ofAdded(`segment ${segment}`);
  const contents = new Map<number, Uint8Array>([
    [sectionIds.type, writeTypes([...host.types, ...added.map(({ type }) => type)])],
    [sectionIds.import, writeImports(host.imports)],
    [sectionIds.function, writeIndices([...defined, ...added.map((_, index) => host.types.length + index)])],
    [sectionIds.global, writeGlobals([...readGlobals(module), ...(usesWasi ? wasiGlobals : [])])],
    [sectionIds.export, writeExports(exportsOf(parts))],
    [
      sectionIds.code,
      writeCode([
        ...bodies.map((body) => redirect(body, indices.ofModule, segmentOf)),
        ...added.map(({ body }) => body(indices)),
      ]),
    ],
  ]);
  const { table, memory, dataCount, data, element } = sectionIds;
  for (const id of [table, memory, dataCount, data]) {
    const section = findSection(module, id);
    if (section !== undefined) contents.set(id, section.content);
  }
  const elements = readElements(module).map(({ functions, ...rest }) => {
    return {
      ...rest,
      functions: functions.map((index) => (index === undefined ? index : indices.ofModule(index))),
    };
  });
  if (elements.length > 0) contents.set(element, writeElements(elements));
  return composeModule(contents);
}

interface HostImports {
  readonly imports: Parameters<typeof writeImports>[0];
  /** The types of the module, and of imports that are added. */
  readonly types: readonly FunctionType[];
}

/** Each function of the host once. The answers to WASI write console lines; `limitStack` fails the execution. */
function hostImports(
  imports: ModuleInterface["imports"],
  types: readonly FunctionType[],
  usesWasi: boolean,
): HostImports {
  const imported = imports.filter(({ source }) => source === "host");
  const names = new Set([...imported.map(({ name }) => name), "fail", ...(usesWasi ? ["log"] : [])]);
  const all = [...types];
  const written = [...names].map((name) => {
    const known = imported.find((item) => item.name === name)?.typeIndex;
    const typeIndex = known ?? all.push(hostFunctions.get(name) ?? { parameters: [], results: [] }) - 1;
    return { module: "duranium:runtime/host@0.1.0", name, kind: "function" as const, typeIndex };
  });
  return { imports: written, types: all };
}

function exportsOf({ added, exports, indices }: Parts): readonly Export[] {
  const functions = new Map([...exports].map(([name, index]) => [name, indices.ofModule(index)] as const));
  for (const { name, isExported } of added) if (isExported) functions.set(name, indices.ofAdded(name));
  functions.delete("_initialize");
  const exported = [...functions].map(([name, index]): Export => ({ name, kind: "function", index }));
  return [{ name: "memory", kind: "memory", index: 0 }, ...exported];
}

/** The data segments that some `memory.init` copies from. */
function copiedSegments(bodies: readonly Uint8Array[]): ReadonlySet<number> {
  const segments = new Set<number>();
  for (const body of bodies)
    visitInstructions(body, (opcode, start, end) => {
      if (opcode === opcodes.memoryInit) segments.add(immediateAt(body, start + 2, end));
    });
  return segments;
}

/** Replaces the indices of functions in a body, and its instructions `memory.init`. */
function redirect(
  body: Uint8Array,
  functionOf: (index: number) => number,
  segmentOf: (segment: number) => number,
): Uint8Array {
  const edits: Edit[] = [];
  visitInstructions(body, (opcode, start, end) => {
    if (opcode === opcodes.call || opcode === opcodes.functionReference) {
      const index = immediateAt(body, start + 1, end);
      edits.push({ start, end, bytes: assemble([opcode, functionOf(index)]) });
    } else if (opcode === opcodes.memoryInit) {
      edits.push({
        start,
        end,
        bytes: assemble([opcodes.call, segmentOf(immediateAt(body, start + 2, end))]),
      });
    }
  });
  return editBody(body, edits);
}

function immediateAt(body: Uint8Array, start: number, end: number): number {
  return new ByteReader(body.subarray(start, end)).u32();
}
