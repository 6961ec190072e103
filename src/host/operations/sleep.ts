import { z } from "zod";
import { maxSleepMs } from "../../domain/limits.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import type { Journal, Pending } from "../journal.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { Operation, OperationRequest } from "./operation.ts";

const sleepArguments = z.strictObject({ durationMs: z.number().nonnegative() });

/** `ctx.sleep`. Arguments: `{durationMs}`; fractions are rounded up. Value: `null`. */
export const sleepOperation = timerNamed("sleep");

/** One `setTimeout`, or one round of a `setInterval`: a `sleep` with a name of its own in the journal. */
export const timerOperation = timerNamed("timer");

function timerNamed(name: string): Operation {
  return defineOperation({
    name,
    isEffect: false,
    arguments: sleepArguments,
    start: (journal, request) => startTimer(name, journal, request),
    durationOf: ({ durationMs }) => (durationMs > maxSleepMs ? undefined : Math.ceil(durationMs)),
  });
}

/**
 * The journal has no time for the end of a timer, so the timer ends at its nominal time: the time of the call plus the
 * duration. That is the same in every replay, and never ahead of the wall clock.
 */
function startTimer(
  name: string,
  journal: Journal,
  { arguments: { durationMs }, now }: OperationRequest<z.infer<typeof sleepArguments>>,
): Pending<TimedOutcome> {
  if (durationMs > maxSleepMs) return rejectTimer(name, journal, { durationMs, now });
  const wholeMs = Math.ceil(durationMs);
  return journal.sleep(name, wholeMs).map(() => ({ ok: true, now: now + wholeMs, value: null }));
}

function rejectTimer(
  name: string,
  journal: Journal,
  { durationMs, now }: { readonly durationMs: number; readonly now: number },
): Pending<TimedOutcome> {
  const error = {
    name: "RangeError",
    message: `Cannot wait for ${durationMs} ms: the longest wait is ${maxSleepMs} ms (maxSleepMs)`,
    code: "limit-exceeded",
  };
  return journal.run(name, async () => encodeOutcome({ ok: false, now, error })).map(decodeOutcome);
}
