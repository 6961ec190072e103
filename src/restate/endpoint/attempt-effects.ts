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
  /** Waits for a result of the journal. @throws {AttemptBrokenOff} */
  orBrokenOff<T>(race: PromiseLike<T>): Promise<T>;
}

export type Effect = (signal: AbortSignal) => Promise<JsonValue>;

export interface AttemptEffect {
  /** Never resolves once the effect was dropped or the attempt is over: any value would be journaled. */
  run(): Promise<JsonValue>;
  drop(): void;
}

/** No failure: Restate makes the next attempt at once. */
export class AttemptBrokenOff extends restate.RetryableError {
  constructor() {
    super("Broken off, to go on with what the journal holds meanwhile", { retryAfter: { milliseconds: 1 } });
  }
}

export interface AttemptEffectsOptions {
  readonly executionId: string;
  readonly connection: Pick<AttemptConnection, "stayOpenWhile" | "mayMissResults">;
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
  let isLeft = false;
  let breakOff: (() => void) | undefined;
  let watch: NodeJS.Timeout | undefined;
  connection.stayOpenWhile(() => running.size > 0);
  if (attemptEnded.aborted) end();
  else attemptEnded.addEventListener("abort", end, { once: true });

  function end(): void {
    clearInterval(watch);
    if (isLeft) return;
    for (const { controller } of effects.values()) controller.abort(attemptEnded.reason);
  }

  function leave(): void {
    isLeft = true;
    inFlight.leave(executionId, effects);
  }

  /** Effects run where the replay has come to its end, so each attempt that is broken off has come that far. */
  function startWatch(): void {
    watch ??= setInterval(() => {
      if (running.size > 0 && connection.mayMissResults()) breakOff?.();
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
    const isOver = () => isLeft || controller.signal.aborted;
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
          if (!isLeft) forget(number);
        }
        return await never();
      },
      drop() {
        if (isLeft) return;
        forget(number);
        controller.abort();
      },
    };
  }

  return {
    next,
    async orBrokenOff<T>(race: PromiseLike<T>): Promise<T> {
      const { promise: brokenOff, reject } = Promise.withResolvers<never>();
      breakOff = () => reject(new AttemptBrokenOff());
      try {
        return await Promise.race([race, brokenOff]);
      } catch (error) {
        if (error instanceof AttemptBrokenOff) leave();
        throw error;
      } finally {
        breakOff = undefined;
      }
    },
  };
}

async function never(): Promise<never> {
  return await new Promise<never>(() => {});
}
