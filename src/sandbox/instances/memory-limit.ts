import { DuraniumError } from "../../domain/errors.ts";
import type { Turn } from "../../host/guest.ts";
import type { Meter } from "./meter.ts";

/** What comes of a guest that asks for more memory than it may have. */

/** What the engine throws into the workflow then: a string, not an error. */
export const outOfMemoryMessage = "out of memory";

/**
 * The turn, unless the workflow failed in it because it was refused memory: the engine says so inside of the guest,
 * where it can, and traps where it cannot. Packages wrap what they catch, so the causes of the failure count as well.
 *
 * @param wasRefused whether the execution was refused memory in this turn or before
 * @throws {DuraniumError} `out-of-memory`
 */
export function assertMemory(turn: Turn, meter: Meter, wasRefused: boolean): Turn {
  const { completion } = turn;
  if (completion === undefined || completion.ok || !wasRefused) return turn;
  if (isOutOfMemory(parseFailure(completion.json))) throw outOfMemory(meter);
  return turn;
}

export function outOfMemory({ memoryLimitPages }: Meter, cause?: unknown): DuraniumError {
  const message = `The workflow took more than its ${memoryLimitPages / 16} MiB of memory (memoryMib)`;
  return new DuraniumError("out-of-memory", message, { cause });
}

/** How deep a failure is looked into: its guest writes fewer causes. */
const maxDepth = 10;

function isOutOfMemory(failure: unknown, depth = 0): boolean {
  if (depth > maxDepth || typeof failure !== "object" || failure === null) return false;
  const { message, cause, errors } = failure as Partial<Record<string, unknown>>;
  if (message === outOfMemoryMessage || isOutOfMemory(cause, depth + 1)) return true;
  return Array.isArray(errors) && errors.some((error) => isOutOfMemory(error, depth + 1));
}

/** The bytes come out of the guest: they may be anything. */
function parseFailure(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json)) as unknown;
  } catch {
    return undefined;
  }
}
