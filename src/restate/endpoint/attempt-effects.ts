import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { AttemptConnection } from "./attempt-connection.ts";
import type { EffectInFlight, EffectsByNumber, EffectsInFlight } from "./effects-in-flight.ts";
import { endedInputGraceMs } from "./limits.ts";

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

/**
 * Runs the effects of one attempt, and interrupts the attempt if they keep it from receiving new results of the journal.
 *
 * An attempt whose input has ended can only suspend, and it cannot suspend while an effect is in flight. It would receive
 * a timer or an event only after its slowest fetch. So the attempt fails with `AttemptInterrupted` and leaves its effects
 * running. The next attempt adopts them, and finds the results in its journal.
 *
 * Invariants:
 *
 * 1. An effect has the same number in every replay, because the guest asks for effects in the same order.
 * 2. Effects run only after the replay, so an attempt is interrupted no earlier than there: interrupting attempts cannot
 *    keep an execution from advancing.
 * 3. Effects belong to this attempt until it is interrupted. After that it neither settles, aborts nor removes them.
 */
export class AttemptEffects {
  readonly #executionId: string;
  readonly #connection: AttemptEffectsOptions["connection"];
  readonly #inFlight: EffectsInFlight;
  readonly #attemptEnded: AbortSignal;
  /** The effects that this attempt started, and those of the previous attempt that the replay has not reached yet. */
  readonly #effects: EffectsByNumber;
  readonly #running = new Set<number>();
  #count = 0;
  #isReleased = false;
  #interrupt: (() => void) | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor({ executionId, connection, inFlight, attemptEnded }: AttemptEffectsOptions) {
    this.#executionId = executionId;
    this.#connection = connection;
    this.#inFlight = inFlight;
    this.#attemptEnded = attemptEnded;
    this.#effects = inFlight.adopt(executionId);
    connection.keepOpenWhile(() => this.#running.size > 0);
    if (attemptEnded.aborted) this.#end();
    else attemptEnded.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** True while an effect is in flight. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** The next effect of the execution. */
  next(effect: Effect): AttemptEffect {
    const number = this.#count++;
    const adopted = this.#effects.get(number);
    const controller = adopted?.controller ?? new AbortController();
    const start = () => ({ controller, result: adopted?.result ?? effect(controller.signal) });
    return {
      run: async () => await this.#run(number, start),
      drop: () => {
        if (this.#isReleased) return;
        this.#remove(number);
        controller.abort();
      },
    };
  }

  /** Waits for a result of the journal. Rejects with `AttemptInterrupted` if the next attempt could receive more. */
  async orInterrupted<T>(race: PromiseLike<T>): Promise<T> {
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    this.#interrupt = () => reject(new AttemptInterrupted());
    try {
      return await Promise.race([race, interrupted]);
    } catch (error) {
      if (error instanceof AttemptInterrupted) this.#release();
      throw error;
    } finally {
      this.#interrupt = undefined;
    }
  }

  async #run(number: number, start: () => EffectInFlight): Promise<JsonValue> {
    if (this.#attemptEnded.aborted) return await never();
    const { controller, result } = start();
    const hasEnded = () => this.#isReleased || controller.signal.aborted;
    this.#effects.set(number, { controller, result });
    this.#running.add(number);
    this.#startWatch();
    try {
      const value = await result;
      if (!hasEnded()) return value;
    } catch (error) {
      if (!hasEnded()) throw error;
    } finally {
      if (!this.#isReleased) this.#remove(number);
    }
    return await never();
  }

  #startWatch(): void {
    this.#watch ??= setInterval(() => {
      if (this.#running.size > 0 && this.#connection.mayMissResults()) this.#interrupt?.();
    }, endedInputGraceMs);
  }

  #remove(number: number): void {
    this.#effects.delete(number);
    this.#running.delete(number);
  }

  #release(): void {
    this.#isReleased = true;
    this.#inFlight.release(this.#executionId, this.#effects);
  }

  #end(): void {
    clearInterval(this.#watch);
    if (this.#isReleased) return;
    for (const { controller } of this.#effects.values()) controller.abort(this.#attemptEnded.reason);
  }
}

async function never(): Promise<never> {
  return await new Promise<never>(() => {});
}
