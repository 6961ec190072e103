import type { JsonValue } from "../../base/json.ts";
import { effectAdoptionTimeoutMs } from "../../domain/limits.ts";

/**
 * Effects in flight of attempts that were broken off: the next attempt of the execution adopts them, so that breaking off
 * an attempt repeats no request. They are found by their number among the effects of the execution, which is the same on
 * every replay. They live in this process only: where it dies, or another executor makes the next attempt, the effect is
 * begun again, as after every lost attempt.
 */
export interface EffectsInFlight {
  /** Those that the attempt before has left; the caller owns them from now on. */
  adopt(executionId: string): EffectsByNumber;
  /** Leaves them to the next attempt. They are aborted where that does not come within `effectAdoptionTimeoutMs`. */
  release(executionId: string, effects: EffectsByNumber): void;
}

export type EffectsByNumber = Map<number, EffectInFlight>;

export interface EffectInFlight {
  readonly result: Promise<JsonValue>;
  readonly controller: AbortController;
}

export function createEffectsInFlight(): EffectsInFlight {
  const left = new Map<string, { readonly effects: EffectsByNumber; readonly expiry: NodeJS.Timeout }>();

  function adopt(executionId: string): EffectsByNumber {
    const found = left.get(executionId);
    left.delete(executionId);
    clearTimeout(found?.expiry);
    return found?.effects ?? new Map<number, EffectInFlight>();
  }

  return {
    adopt,
    release(executionId, effects) {
      abortAll(adopt(executionId));
      if (effects.size === 0) return;
      const expiry = setTimeout(() => abortAll(adopt(executionId)), effectAdoptionTimeoutMs).unref();
      left.set(executionId, { effects, expiry });
    },
  };
}

function abortAll(effects: EffectsByNumber): void {
  for (const { controller } of effects.values()) controller.abort();
}
