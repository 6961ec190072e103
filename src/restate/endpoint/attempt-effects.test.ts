import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AttemptEffects, AttemptInterrupted } from "./attempt-effects.ts";
import { createEffectsInFlight } from "./effects-in-flight.ts";
import { endedInputGraceMs, effectAdoptionTimeoutMs } from "./limits.ts";

describe("the effects of an attempt", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const inFlight = createEffectsInFlight();
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  beforeEach(() => {
    begun.splice(0);
    signals.splice(0);
  });

  function startAttempt({ mayMissResults = true } = {}) {
    const ended = new AbortController();
    const connection = { keepOpenWhile: () => {}, mayMissResults: () => mayMissResults };
    const effects = new AttemptEffects({
      executionId: "inv_1",
      connection,
      inFlight,
      attemptEnded: ended.signal,
    });
    return { effects, ended };
  }

  function effect(name: string, answer: Promise<string>): (signal: AbortSignal) => Promise<string> {
    return async (signal) => {
      begun.push(name);
      signals.push(signal);
      return await answer;
    };
  }

  async function interrupt({ effects, ended }: ReturnType<typeof startAttempt>): Promise<void> {
    const race = expect(effects.orInterrupted(never)).rejects.toThrow(AttemptInterrupted);
    await vi.advanceTimersByTimeAsync(endedInputGraceMs);
    await race;
    ended.abort();
  }

  test("are adopted by the next attempt after the previous one was interrupted", async () => {
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    const first = startAttempt();
    const abandoned = vi.fn();
    void first.effects.next(effect("slow", answer)).run().then(abandoned);
    await interrupt(first);
    resolve("answered");
    const second = startAttempt();
    expect(await second.effects.next(effect("slow", answer)).run()).toBe("answered");
    expect(begun).toEqual(["slow"]);
    expect(signals[0]?.aborted).toBe(false);
    expect(abandoned).not.toHaveBeenCalled();
  });

  test("are aborted if the next attempt drops them before it waits for them", async () => {
    const first = startAttempt();
    void first.effects.next(effect("slow", never)).run();
    await interrupt(first);
    startAttempt().effects.next(effect("slow", never)).drop();
    expect(signals[0]?.aborted).toBe(true);
  });

  test("are aborted if no attempt adopts them in time, or if the next attempt ends without running them", async () => {
    const first = startAttempt();
    void first.effects.next(effect("slow", never)).run();
    await interrupt(first);
    await vi.advanceTimersByTimeAsync(effectAdoptionTimeoutMs);
    expect(signals[0]?.aborted).toBe(true);

    const second = startAttempt();
    void second.effects.next(effect("slow", never)).run();
    await interrupt(second);
    startAttempt().ended.abort();
    expect(signals[1]?.aborted).toBe(true);
  });

  test("stay with an attempt whose input is open, and are aborted when it ends", async () => {
    const { effects, ended } = startAttempt({ mayMissResults: false });
    void effects.next(effect("slow", never)).run();
    const race = vi.fn();
    void effects.orInterrupted(never).catch(race);
    await vi.advanceTimersByTimeAsync(10 * endedInputGraceMs);
    expect(race).not.toHaveBeenCalled();
    ended.abort();
    expect(signals[0]?.aborted).toBe(true);
  });
});

const never = new Promise<never>(() => {});
