import { opcodes } from "../wasm/opcodes.ts";

/**
 * What computing costs, in fuel. One unit is one instruction: 0.07 to 0.85 ns in an engine whose code is
 * optimised, 0.25 to 0.55 for most of what workflows do (two cores of an AMD EPYC). These numbers are part of the engine:
 * other ones make another engine, so an execution is charged by the same ones for as long as it lives.
 */

/** What only marks a place in the code, and runs as nothing. */
const free: ReadonlySet<number> = new Set([
  opcodes.nop,
  opcodes.block,
  opcodes.loop,
  opcodes.else,
  opcodes.end,
]);

/** The cost of one instruction. */
export function costOf(opcode: number): number {
  return free.has(opcode) ? 0 : 1;
}

/** The least that is charged where something is: each charge is itself some instructions. */
export const minCharge = 1;

/**
 * A straight run of code that costs less than this is charged only where it begins a function or the body of a
 * loop, which is enough that nothing goes on without end. Charging every run costs half of the speed; charging
 * no long ones makes a hash of bytes, whose loop is one long run behind a branch, forty times too cheap.
 */
export const minChargedRun = 32;

/**
 * Bytes that are copied, filled or added to the memory for one unit, as a power of two: 2³. They take 0.02 to 0.1
 * ns each.
 */
export const bytesPerFuelShift = 3;
