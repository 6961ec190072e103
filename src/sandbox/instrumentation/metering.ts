import { memoryCeilingPages } from "../../domain/limits.ts";
import { WasmFormatError } from "../wasm/binary.ts";
import { assemble, editBody, visitInstructions } from "../wasm/code.ts";
import type { Edit } from "../wasm/code.ts";
import {
  readCode,
  readExports,
  readFunctions,
  readGlobals,
  readImports,
  readMemories,
  readTypes,
  sectionIds,
  withSection,
  writeCode,
  writeExports,
  writeGlobals,
  writeIndices,
  writeTypes,
} from "../wasm/module.ts";
import type { Export, ExternKind, Global, WasmModule } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { findChargePoints } from "./charge-points.ts";
import { charge, copyFunction, fillFunction, growFunction } from "./meter-functions.ts";
import { meterExports } from "./meter-globals.ts";
import type { MeterGlobals } from "./meter-globals.ts";

/**
 * Metering makes an engine charge fuel for its instructions, and limits its memory to a given number of
 * pages. The same computation thus costs the same fuel on every machine, in a fresh or a reset instance, and
 * ends where its fuel is used up.
 *
 * Globals, types and functions are added after the existing ones, so that no index changes, and no import is
 * added. The globals are exported; the host sets and reads them between turns. Until the host sets them, fuel
 * and memory are at their maximum.
 */

/** The globals by their indices. */
type Indices = MeterGlobals<number>;

/** @throws {WasmFormatError} for an unknown instruction, or unless the module has exactly one memory */
export function meterModule(module: WasmModule): WasmModule {
  return meterRuns(module);
}

/**
 * Meters a module that an author supplies: every run is charged, because code could be written to consist of runs
 * that are not.
 */
export function meterUntrustedModule(module: WasmModule): WasmModule {
  return meterRuns(module, 1);
}

function meterRuns(module: WasmModule, minRun?: number): WasmModule {
  const firstGlobal = count(module, "global") + readGlobals(module).length;
  const globals = {
    fuel: firstGlobal,
    pages: firstGlobal + 1,
    pageLimit: firstGlobal + 2,
    refused: firstGlobal + 3,
  };
  return exportGlobals(addGlobals(meterCode(module, globals, minRun)), globals);
}

function meterCode(module: WasmModule, globals: Indices, minRun: number | undefined): WasmModule {
  const declared = readFunctions(module);
  const types = readTypes(module);
  const added = [copyFunction(globals), fillFunction(globals), growFunction(globals)];
  const standIns = findStandIns(globals, count(module, "function") + declared.length);
  const metered = readCode(module).map((body) => meterBody(body, { globals, standIns, minRun }));
  const contents = {
    [sectionIds.type]: writeTypes([...types, ...added.map(({ type }) => type)]),
    [sectionIds.function]: writeIndices([...declared, ...added.map((_, index) => types.length + index)]),
    [sectionIds.code]: writeCode([...metered, ...added.map(({ body }) => body)]),
  };
  return Object.entries(contents).reduce(
    (changed, [id, content]) => withSection(changed, Number(id), content),
    module,
  );
}

/** The replacement of an instruction, by its opcode. */
type StandIns = ReadonlyMap<number, Uint8Array>;

/** @param first the index of the first added function */
function findStandIns({ pages }: Indices, first: number): StandIns {
  return new Map([
    [opcodes.memoryCopy, assemble([opcodes.call, first])],
    [opcodes.memoryFill, assemble([opcodes.call, first + 1])],
    [opcodes.memoryGrow, assemble([opcodes.call, first + 2])],
    [opcodes.memorySize, assemble([opcodes.globalGet, pages])],
  ]);
}

interface Metering {
  readonly globals: Indices;
  readonly standIns: StandIns;
  readonly minRun: number | undefined;
}

function meterBody(body: Uint8Array, { globals, standIns, minRun }: Metering): Uint8Array {
  const charges = findChargePoints(body, minRun).map(({ offset, cost }): Edit => {
    return { start: offset, end: offset, bytes: assemble(...charge(globals, cost)) };
  });
  // A charge comes before a replacement at the same offset: that is also where its run ends.
  const edits = [...charges, ...findReplaced(body, standIns)];
  return editBody(
    body,
    edits.toSorted((a, b) => a.start - b.start || a.end - b.end),
  );
}

function findReplaced(body: Uint8Array, standIns: StandIns): Edit[] {
  const edits: Edit[] = [];
  visitInstructions(body, (opcode, start, end) => {
    const bytes = standIns.get(opcode);
    if (bytes !== undefined) edits.push({ start, end, bytes });
  });
  return edits;
}

function addGlobals(module: WasmModule): WasmModule {
  const [memory, second] = readMemories(module);
  if (memory === undefined || second !== undefined)
    throw new WasmFormatError("The module does not have exactly one memory");
  const added = [
    variable("i64", 2n ** 63n - 1n),
    variable("i32", BigInt(memory.minimum)),
    variable("i32", BigInt(memoryCeilingPages)),
    variable("i32", 0n),
  ];
  return withSection(module, sectionIds.global, writeGlobals([...readGlobals(module), ...added]));
}

function variable(type: "i32" | "i64", value: bigint): Global {
  const opcode = type === "i32" ? opcodes.i32Const : opcodes.i64Const;
  return { type, mutable: true, initializer: assemble([opcode, value], [opcodes.end]) };
}

function exportGlobals(module: WasmModule, globals: Indices): WasmModule {
  const roles = Object.keys(meterExports) as (keyof Indices)[];
  const added = roles.map((role): Export => {
    return { name: meterExports[role], kind: "global", index: globals[role] };
  });
  return withSection(module, sectionIds.export, writeExports([...readExports(module), ...added]));
}

/** Imports come before what a module defines. */
function count(module: WasmModule, kind: ExternKind): number {
  return readImports(module).filter((item) => item.kind === kind).length;
}
