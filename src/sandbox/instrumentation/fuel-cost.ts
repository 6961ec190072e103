import { opcodes } from "../wasm/opcodes.ts";

/**
 * The cost of computing, in fuel. One unit is one instruction. These numbers are part of the engine: changing
 * them makes a different engine, so an execution is charged by the same costs for its whole life. Decision
 * 0060 has the measurements.
 */

/** Instructions that only mark a place in the code. */
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

/** The minimum charge: each charge itself takes some instructions. */
export const minCharge = 1;

/**
 * A straight run of code that costs less than this is charged only at the start of a function or of a loop's
 * body, which is enough to bound endless code. Charging every run would halve the speed; charging no long
 * runs would make loops whose body is one long run behind a branch, such as hashes, far too cheap.
 */
export const minChargedRun = 32;

/**
 * The number of bytes that are copied, filled or added to the memory for one unit of fuel, as a power of two:
 * 2³.
 */
export const bytesPerFuelShift = 3;
