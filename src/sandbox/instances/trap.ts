import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { outOfMemory } from "./memory-limit.ts";
import type { Meter } from "./meter.ts";

/** What it means that an instance threw when it was entered. */

export interface TrapScene {
  readonly meter: Meter;
  readonly limits: ExecutionLimits;
  /** Of all turns so far, this one included. */
  readonly fuelUsed: number;
}

/** @param thrown what came out of the core, or what the host found wrong in what the guest said */
export function explainTrap(thrown: unknown, scene: TrapScene): DuraniumError {
  if (thrown instanceof DuraniumError) return thrown;
  // The stack of the thread ended before the engine's own: a matter of the machine, not of the workflow.
  if (thrown instanceof RangeError) return machineLacks("stack", thrown);
  if (scene.meter.isStarved) return machineLacks("memory", thrown);
  if (scene.meter.fuelLeft < 0) return outOfFuel(thrown, scene);
  if (scene.meter.wasRefused) return outOfMemory(scene.meter, thrown);
  const message = `The engine gave up in the workflow: ${messageOf(thrown)}`;
  return new DuraniumError("sandbox-crashed", message, { cause: thrown });
}

function outOfFuel(cause: unknown, { limits, fuelUsed }: TrapScene): DuraniumError {
  const { turnFuel, executionFuel } = limits;
  const message =
    fuelUsed >= executionFuel
      ? `The workflow computed more than its fuel of ${shownFuel(executionFuel)} lasts (executionFuel)`
      : `The workflow computed more in one turn than a fuel of ${shownFuel(turnFuel)} lasts (turnFuel); in all it has used ${shownFuel(fuelUsed)}`;
  return new DuraniumError("out-of-fuel", message, { cause });
}

/** With its thousands apart: there are many of them. */
export function shownFuel(fuel: number): string {
  return fuel.toLocaleString("en-US");
}

function machineLacks(what: "stack" | "memory", cause: unknown): DuraniumError {
  return new DuraniumError("internal", `The machine has too little ${what} for the worker thread`, { cause });
}
