import { DuraniumError } from "../domain/errors.ts";
import type { Turn } from "../host/guest.ts";
import type { Meter } from "./meter.ts";

/** What comes of a guest that asks for more memory than it may have. */

/** What the engine throws into the workflow then: a string, not an error. */
export const outOfMemoryMessage = "out of memory";

/**
 * The turn, unless the workflow ended in it because it was refused memory: the engine says so inside of the guest,
 * where it can, and traps where it cannot.
 *
 * @throws {DuraniumError} `out-of-memory`
 */
export function requireMemory(turn: Turn, meter: Meter): Turn {
  const { completion } = turn;
  if (completion === undefined || completion.ok || !meter.wasRefused) return turn;
  if (messageIn(completion.json) === outOfMemoryMessage) throw outOfMemory(meter);
  return turn;
}

export function outOfMemory({ memoryLimitPages }: Meter, cause?: unknown): DuraniumError {
  const message = `The workflow took more than its ${memoryLimitPages / 16} MiB of memory (memoryMib)`;
  return new DuraniumError("out-of-memory", message, { cause });
}

/** The bytes come out of the guest: they may be anything. */
function messageIn(json: Uint8Array): unknown {
  try {
    const failure: unknown = JSON.parse(new TextDecoder().decode(json));
    return Object(failure).message;
  } catch {
    return undefined;
  }
}
