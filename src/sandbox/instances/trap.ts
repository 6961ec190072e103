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
  if (thrown instanceof RangeError) return stackOverflow(thrown);
  if (scene.meter.isStarved)
    return new DuraniumError("internal", "The worker thread ran out of memory", { cause: thrown });
  if (scene.meter.fuelLeft < 0) return outOfFuel(thrown, scene);
  if (scene.meter.wasRefused) return outOfMemory(scene.meter, thrown);
  const message = `The engine crashed while running the workflow: ${messageOf(thrown)}`;
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

/**
 * Engines limit the depth of calls themselves. Python does not count some recursion in C, as in the hash of a tuple that is
 * nested very deeply, which then ends at the stack of the thread. It would do so at each attempt.
 */
function stackOverflow(cause: RangeError): DuraniumError {
  const message =
    "The engine crashed while running the workflow: its calls are nested too deeply for the stack";
  return new DuraniumError("sandbox-crashed", message, { cause });
}
