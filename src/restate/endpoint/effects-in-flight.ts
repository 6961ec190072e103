import type { JsonValue } from "../../base/json.ts";
import { effectAdoptionTimeoutMs } from "./limits.ts";

/**
 * The effects in flight of interrupted attempts. The next attempt of the execution adopts them, so that interrupting an
 * attempt repeats no request. An effect is identified by its number among the effects of the execution, which is the same
 * in every replay. Effects exist in this process only: if it dies, or if another executor runs the next attempt, they are
 * started again, as after any lost attempt.
 */
export interface EffectsInFlight {
  /** Returns the effects that the previous attempt released. The caller owns them from then on. */
  adopt(executionId: string): EffectsByNumber;
  /** Leaves effects to the next attempt. They are aborted if it does not adopt them within `effectAdoptionTimeoutMs`. */
  release(executionId: string, effects: EffectsByNumber): void;
}

export type EffectsByNumber = Map<number, EffectInFlight>;

export interface EffectInFlight {
  readonly result: Promise<JsonValue>;
  readonly controller: AbortController;
}

export function createEffectsInFlight(): EffectsInFlight {
  const released = new Map<string, { readonly effects: EffectsByNumber; readonly expiry: NodeJS.Timeout }>();

  function adopt(executionId: string): EffectsByNumber {
    const found = released.get(executionId);
    released.delete(executionId);
    clearTimeout(found?.expiry);
    return found?.effects ?? new Map<number, EffectInFlight>();
  }

  return {
    adopt,
    release(executionId, effects) {
      abortAll(adopt(executionId));
      if (effects.size === 0) return;
      const expiry = setTimeout(() => abortAll(adopt(executionId)), effectAdoptionTimeoutMs).unref();
      released.set(executionId, { effects, expiry });
    },
  };
}

function abortAll(effects: EffectsByNumber): void {
  for (const { controller } of effects.values()) controller.abort();
}
