import { DuraniumError } from "../../domain/errors.ts";
import type { Turn } from "../../host/guest.ts";
import type { Meter } from "./meter.ts";

/** What happens if a guest requests more memory than its limit. */

/** The value that the engine throws into the workflow when memory is exhausted: a string, not an error. */
export const outOfMemoryMessage = "out of memory";

/**
 * Returns the turn, unless the workflow failed in it because it was denied memory. The engine reports that
 * inside the guest if it can, and traps otherwise. Packages wrap what they catch, so the causes of the
 * failure are checked as well.
 *
 * @param wasRefused true if the execution was denied memory in this turn or an earlier one
 * @throws {DuraniumError} `out-of-memory`
 */
export function assertMemory(turn: Turn, meter: Meter, wasRefused: boolean): Turn {
  const { completion } = turn;
  if (completion === undefined || completion.ok || !wasRefused) return turn;
  if (isOutOfMemory(parseFailure(completion.json))) throw outOfMemory(meter);
  return turn;
}

export function outOfMemory({ memoryLimitPages }: Meter, cause?: unknown): DuraniumError {
  const message = `The workflow exceeded its memory limit of ${memoryLimitPages / 16} MiB (memoryMib)`;
  return new DuraniumError("out-of-memory", message, { cause });
}

/** The maximum number of causes to follow: the guest writes fewer. */
const maxDepth = 10;

function isOutOfMemory(failure: unknown, depth = 0): boolean {
  if (depth > maxDepth || typeof failure !== "object" || failure === null) return false;
  const { message, cause, errors } = failure as Partial<Record<string, unknown>>;
  if (message === outOfMemoryMessage || isOutOfMemory(cause, depth + 1)) return true;
  return Array.isArray(errors) && errors.some((error) => isOutOfMemory(error, depth + 1));
}

/** The bytes come from the guest and may be anything. */
function parseFailure(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json)) as unknown;
  } catch {
    return undefined;
  }
}
