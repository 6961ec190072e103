import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { outOfMemory } from "./memory-limit.ts";
import type { Meter } from "./meter.ts";

/** What it means that an instance threw when it was entered. */

export interface TrapScene {
  readonly meter: Meter;
  readonly limits: ExecutionLimits;
  /** Fuel of all turns so far, including this one. */
  readonly fuelUsed: number;
}

/**
 * Translates an error that was thrown when an instance was entered.
 *
 * @param thrown by the core, or a violation that the host found in the guest's calls
 */
export function explainTrap(thrown: unknown, scene: TrapScene): DuraniumError {
  if (thrown instanceof DuraniumError) return thrown;
  // The stack of the thread overflowed before the engine's own limit: the machine is at fault, not the
  // workflow.
  if (thrown instanceof RangeError) return machineLacks("stack", thrown);
  if (scene.meter.isStarved) return machineLacks("memory", thrown);
  if (scene.meter.fuelLeft < 0) return outOfFuel(thrown, scene);
  if (scene.meter.wasRefused) return outOfMemory(scene.meter, thrown);
  const message = `The JavaScript engine crashed while running the workflow: ${messageOf(thrown)}`;
  return new DuraniumError("sandbox-crashed", message, { cause: thrown });
}

function outOfFuel(cause: unknown, { limits, fuelUsed }: TrapScene): DuraniumError {
  const { turnFuel, executionFuel } = limits;
  const message =
    fuelUsed >= executionFuel
      ? `The execution exceeded its fuel of ${shownFuel(executionFuel)} (executionFuel)`
      : `A turn exceeded its fuel of ${shownFuel(turnFuel)} (turnFuel); the execution has used ${shownFuel(fuelUsed)} in total`;
  return new DuraniumError("out-of-fuel", message, { cause });
}

/** Formats fuel with thousands separators. */
export function shownFuel(fuel: number): string {
  return fuel.toLocaleString("en-US");
}

function machineLacks(what: "stack" | "memory", cause: unknown): DuraniumError {
  return new DuraniumError("internal", `The worker thread ran out of ${what}`, { cause });
}
