import { assembleBody } from "../wasm/code.ts";
import type { Instruction } from "../wasm/code.ts";
import type { FunctionType } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { bytesPerFuelShift } from "./fuel-cost.ts";
import type { MeterGlobals } from "./meter-globals.ts";

/** The code that metering adds to an engine: the charge, and functions that replace instructions. */

/** The globals by their indices. */
type Indices = MeterGlobals<number>;

export interface MeterFunction {
  readonly type: FunctionType;
  readonly body: Uint8Array;
}

const noResult = 0x40;
const pageBytesShift = 16n;

/** Subtracts a constant cost, and traps if less fuel than that is left. */
export function charge(globals: Indices, cost: number): readonly Instruction[] {
  return chargeComputed(globals, [[opcodes.i64Const, BigInt(cost)]]);
}

/** `memory.copy`, charged for its length. */
export function copyFunction(globals: Indices): MeterFunction {
  return bulkFunction(globals, [opcodes.memoryCopy, 0, 0]);
}

/** `memory.fill`, charged for its length. */
export function fillFunction(globals: Indices): MeterFunction {
  return bulkFunction(globals, [opcodes.memoryFill, 0]);
}

/**
 * `memory.grow`, in pages as the guest sees them: the memory itself may be longer, because it cannot shrink
 * between two executions. If the machine has no more memory, the guest traps, because an answer that depends
 * on the machine would make the execution non-deterministic.
 */
export function growFunction(globals: Indices): MeterFunction {
  const body = assembleBody(
    ...grownPages(globals),
    [opcodes.globalGet, globals.pageLimit],
    [opcodes.i64ExtendUnsigned],
    [opcodes.i64GreaterUnsigned],
    [opcodes.if, noResult],
    [opcodes.i32Const, 1n],
    [opcodes.globalSet, globals.refused],
    [opcodes.i32Const, -1n],
    [opcodes.return],
    [opcodes.end],
    ...chargeComputed(globals, [
      [opcodes.localGet, 0],
      [opcodes.i64ExtendUnsigned],
      [opcodes.i64Const, pageBytesShift - BigInt(bytesPerFuelShift)],
      [opcodes.i64ShiftLeft],
    ]),
    ...growMemory(globals),
    [opcodes.globalGet, globals.pages],
    ...morePages(globals),
    [opcodes.globalSet, globals.pages],
  );
  return { type: { parameters: ["i32"], results: ["i32"] }, body };
}

function chargeComputed({ fuel }: Indices, cost: readonly Instruction[]): readonly Instruction[] {
  return [
    [opcodes.globalGet, fuel],
    ...cost,
    [opcodes.i64Subtract],
    [opcodes.globalSet, fuel],
    [opcodes.globalGet, fuel],
    [opcodes.i64Const, 0n],
    [opcodes.i64LessSigned],
    [opcodes.if, noResult],
    [opcodes.unreachable],
    [opcodes.end],
  ];
}

function bulkFunction(globals: Indices, instruction: Instruction): MeterFunction {
  const body = assembleBody(
    ...chargeComputed(globals, [
      [opcodes.localGet, 2],
      [opcodes.i64ExtendUnsigned],
      [opcodes.i64Const, BigInt(bytesPerFuelShift)],
      [opcodes.i64ShiftRightUnsigned],
    ]),
    [opcodes.localGet, 0],
    [opcodes.localGet, 1],
    [opcodes.localGet, 2],
    instruction,
  );
  return { type: { parameters: ["i32", "i32", "i32"], results: [] }, body };
}

/** The requested number of pages as an i64, because the sum of two i32 may overflow. */
function grownPages({ pages }: Indices): readonly Instruction[] {
  return [
    [opcodes.globalGet, pages],
    [opcodes.i64ExtendUnsigned],
    [opcodes.localGet, 0],
    [opcodes.i64ExtendUnsigned],
    [opcodes.i64Add],
  ];
}

/** The same as an i32, once it is known to be small enough. */
function morePages({ pages }: Indices): readonly Instruction[] {
  return [[opcodes.globalGet, pages], [opcodes.localGet, 0], [opcodes.i32Add]];
}

/** Grows the memory itself if it is shorter. */
function growMemory(globals: Indices): readonly Instruction[] {
  return [
    ...morePages(globals),
    [opcodes.memorySize, 0],
    [opcodes.i32GreaterUnsigned],
    [opcodes.if, noResult],
    ...morePages(globals),
    [opcodes.memorySize, 0],
    [opcodes.i32Subtract],
    [opcodes.memoryGrow, 0],
    [opcodes.i32Const, -1n],
    [opcodes.i32Equal],
    [opcodes.if, noResult],
    [opcodes.i32Const, -1n],
    [opcodes.globalSet, globals.pages],
    [opcodes.unreachable],
    [opcodes.end],
    [opcodes.end],
  ];
}
