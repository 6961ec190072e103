import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { endedInputGraceMs } from "./limits.ts";
import type { AttemptConnection } from "./attempt-connection.ts";
import type { EffectsInFlight } from "./effects-in-flight.ts";

/**
 * Runs the effects of one attempt, and interrupts the attempt if they keep it from receiving new results of the journal.
 *
 * An attempt whose input has ended can only suspend, and it cannot suspend while an effect is in flight. It would receive
 * a timer or an event only after its slowest fetch. So the attempt fails with `AttemptInterrupted` and leaves its effects
 * running. The next attempt adopts them, and finds the results in its journal.
 */
export interface AttemptEffects {
  /** The next effect of the execution. */
  next(effect: Effect): AttemptEffect;
  /** Waits for a result of the journal. Rejects with `AttemptInterrupted` if the next attempt could receive more. */
  orInterrupted<T>(race: PromiseLike<T>): Promise<T>;
}

export type Effect = (signal: AbortSignal) => Promise<JsonValue>;

export interface AttemptEffect {
  /** Never settles once the effect is dropped or the attempt has ended, because any value would be journaled. */
  run(): Promise<JsonValue>;
  drop(): void;
}

/** Ends an attempt so that Restate starts the next one immediately. It is not a failure and is not logged. */
export class AttemptInterrupted extends restate.RetryableError {
  constructor() {
    super("Attempt interrupted to pick up new journal results", { retryAfter: { milliseconds: 1 } });
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
  /** The effects that this attempt started, and those of the previous attempt that the replay has not reached yet. */
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

  /**
   * Effects run only after the replay, so an attempt is interrupted no earlier than there: interrupting attempts cannot
   * keep an execution from advancing.
   */
  function startWatch(): void {
    watch ??= setInterval(() => {
      if (running.size > 0 && connection.mayMissResults()) interrupt?.();
    }, endedInputGraceMs);
  }

  function remove(number: number): void {
    effects.delete(number);
    running.delete(number);
  }

  function next(effect: Effect): AttemptEffect {
    const number = count++;
    const adopted = effects.get(number);
    const controller = adopted?.controller ?? new AbortController();
    const hasEnded = () => isReleased || controller.signal.aborted;
    return {
      async run() {
        if (attemptEnded.aborted) return await never();
        const result = adopted?.result ?? effect(controller.signal);
        effects.set(number, { controller, result });
        running.add(number);
        startWatch();
        try {
          const value = await result;
          if (!hasEnded()) return value;
        } catch (error) {
          if (!hasEnded()) throw error;
        } finally {
          if (!isReleased) remove(number);
        }
        return await never();
      },
      drop() {
        if (isReleased) return;
        remove(number);
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
