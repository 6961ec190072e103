import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { endedInputGraceMs } from "../../domain/limits.ts";
import type { AttemptConnection } from "./attempt-connection.ts";
import type { EffectsInFlight } from "./effects-in-flight.ts";

/**
 * Runs the effects of one attempt, and breaks the attempt off where they keep it from what the journal holds.
 *
 * An attempt whose input has ended can only suspend, and does not while an effect is in flight: a timer or an event would
 * be seen when the slowest of its fetches has ended. So it fails, with its effects in flight left to the next attempt, which
 * has the results in its journal and adopts the effects.
 */
export interface AttemptEffects {
  /** The next effect of the execution. */
  next(effect: Effect): AttemptEffect;
  /** Waits for a result of the journal. @throws {AttemptInterrupted} */
  orInterrupted<T>(race: PromiseLike<T>): Promise<T>;
}

export type Effect = (signal: AbortSignal) => Promise<JsonValue>;

export interface AttemptEffect {
  /** Never resolves once the effect was dropped or the attempt is over: any value would be journaled. */
  run(): Promise<JsonValue>;
  drop(): void;
}

/** No failure: Restate makes the next attempt at once. */
export class AttemptInterrupted extends restate.RetryableError {
  constructor() {
    super("Broken off, to go on with what the journal holds meanwhile", { retryAfter: { milliseconds: 1 } });
  }
}

export interface AttemptEffectsOptions {
  readonly executionId: string;
  readonly connection: Pick<AttemptConnection, "keepOpenWhile" | "mayMissResults">;
  readonly inFlight: EffectsInFlight;
  readonly attemptEnded: AbortSignal;
}

export function createAttemptEffects({
  executionId,
  connection,
  inFlight,
  attemptEnded,
}: AttemptEffectsOptions): AttemptEffects {
  /** Begun here, or by an attempt before and not asked for yet. */
  const effects = inFlight.adopt(executionId);
  const running = new Set<number>();
  let count = 0;
  let isReleased = false;
  let interrupt: (() => void) | undefined;
  let watch: NodeJS.Timeout | undefined;
  connection.keepOpenWhile(() => running.size > 0);
  if (attemptEnded.aborted) end();
  else attemptEnded.addEventListener("abort", end, { once: true });

  function end(): void {
    clearInterval(watch);
    if (isReleased) return;
    for (const { controller } of effects.values()) controller.abort(attemptEnded.reason);
  }

  function release(): void {
    isReleased = true;
    inFlight.release(executionId, effects);
  }

  /** Effects run where the replay has come to its end, so each attempt that is broken off has come that far. */
  function startWatch(): void {
    watch ??= setInterval(() => {
      if (running.size > 0 && connection.mayMissResults()) interrupt?.();
    }, endedInputGraceMs);
  }

  function forget(number: number): void {
    effects.delete(number);
    running.delete(number);
  }

  function next(effect: Effect): AttemptEffect {
    const number = count++;
    const adopted = effects.get(number);
    const controller = adopted?.controller ?? new AbortController();
    const isOver = () => isReleased || controller.signal.aborted;
    return {
      async run() {
        if (attemptEnded.aborted) return await never();
        const result = adopted?.result ?? effect(controller.signal);
        effects.set(number, { controller, result });
        running.add(number);
        startWatch();
        try {
          const value = await result;
          if (!isOver()) return value;
        } catch (error) {
          if (!isOver()) throw error;
        } finally {
          if (!isReleased) forget(number);
        }
        return await never();
      },
      drop() {
        if (isReleased) return;
        forget(number);
        controller.abort();
      },
    };
  }

  return {
    next,
    async orInterrupted<T>(race: PromiseLike<T>): Promise<T> {
      const { promise: interrupted, reject } = Promise.withResolvers<never>();
      interrupt = () => reject(new AttemptInterrupted());
      try {
        return await Promise.race([race, interrupted]);
      } catch (error) {
        if (error instanceof AttemptInterrupted) release();
        throw error;
      } finally {
        interrupt = undefined;
      }
    },
  };
}

async function never(): Promise<never> {
  return await new Promise<never>(() => {});
}
