import { z } from "zod";
import { maxBodyBytesInFlight } from "../limits.ts";
import { decodeOutcome, encodeOutcome } from "../operations/journaled-outcome.ts";
import { defineOperation } from "../operations/operation.ts";
import type { Operations } from "../operations/operation.ts";
import { sleepOperation, timerOperation } from "../operations/sleep.ts";

/**
 * Operations for tests of the driver: the real timers, and `effect {key, takesMs?, fails?}`, which does
 * nothing but be counted.
 */
export interface ScriptedOperations {
  readonly operations: Operations;
  /** The keys of the effects that ran, in order. */
  readonly effects: readonly string[];
}

export function createScriptedOperations(): ScriptedOperations {
  const effects: string[] = [];
  const effectOperation = defineOperation({
    name: "effect",
    isEffect: true,
    arguments: z.strictObject({
      key: z.string(),
      takesMs: z.number().default(1),
      fails: z.boolean().default(false),
    }),
    bodyLimit: () => ({ maxBodyBytesInFlight }),
    start: (journal, { arguments: { key, takesMs, fails } }) =>
      journal
        .run(`effect ${key}`, async () => {
          effects.push(key);
          const now = startTime + takesMs;
          if (!fails) return encodeOutcome({ ok: true, now, value: `${key} done` });
          return encodeOutcome({ ok: false, now, error: { name: "TypeError", message: `${key} failed` } });
        })
        .map(decodeOutcome),
  });
  const all = [effectOperation, sleepOperation, timerOperation];
  return { operations: new Map(all.map((operation) => [operation.name, operation])), effects };
}

/** When scripted executions begin, in milliseconds since the Unix epoch. */
export const startTime = 1_000;
