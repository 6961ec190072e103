import { maxExecutionFuel, maxMemoryPages, maxTurnFuel } from "./limits.ts";

/**
 * How much an execution may compute and hold. It is journaled when the execution begins, so that what ends it
 * ends every replay of it as well, whatever the operator has configured since.
 */
export interface ExecutionLimits {
  /** Fuel of one turn, and of a workflow's top level at the deploy. */
  readonly turnFuel: number;
  /** Fuel of all turns together. */
  readonly executionFuel: number;
  /** The linear memory, in WebAssembly pages of 64 KiB. */
  readonly memoryPages: number;
}

export const defaultExecutionLimits: ExecutionLimits = {
  turnFuel: maxTurnFuel,
  executionFuel: maxExecutionFuel,
  memoryPages: maxMemoryPages,
};
