import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import type { FetchAttempt, RequestRecord, StepRecords } from "../domain/execution.ts";
import { messageWithCauses } from "../domain/outcome.ts";
import type { Failure } from "../domain/outcome.ts";
import { clockEntry, isSlotEntry } from "./entry-names.ts";
import { signalAwaited } from "./signals.ts";

/** What a step is: which journal entries are steps, what their outcome is, and how they are described. */

/** A timeline omits larger results. */
export const maxShownBytes = 64 * 1024;

/** The maximum of all results in a timeline. Results of up to `minShownBytes` are shown in addition. */
export const maxShownBytesTotal = 4 * 1024 * 1024;
export const minShownBytes = 2 * 1024;

/** Returns `fetch` for the entry `fetch GET https://api.example.com/orders`. */
export function operationOf(name: string): string {
  return name.split(" ", 1)[0] ?? name;
}

/** The driver reads the clock, and flow control acquires slots, on their own account: those entries are not steps of the workflow. */
export function isStep(name: string): boolean {
  return name !== clockEntry && !isSlotEntry(name);
}

/** The outcome of a wait for a signal that a later wait for the same signal replaced. */
export const abandonedWaitValue: JsonValue = {
  ok: false,
  error: { name: "AbortError", message: "The wait was abandoned" },
};

const outcomeSchema = z.looseObject({
  ok: z.boolean(),
  attempts: z.int().optional(),
  request: z.custom<RequestRecord>((value) => typeof value === "object").optional(),
  attemptHistory: z.custom<readonly FetchAttempt[]>((value) => Array.isArray(value)).optional(),
  error: z
    .object({
      name: z.string(),
      message: z.string(),
      code: z.string().optional(),
      cause: z.object({ message: z.string() }).optional(),
    })
    .optional(),
});

/**
 * Returns the outcome of a step. A failed operation is journaled as `{ok: false, error}`. The clock reading in the journaled
 * value is not part of the result.
 *
 * @param value the journaled value; undefined if the result is void, or too large to show
 */
export function stepOutcome(value: JsonValue | undefined): StepOutcome {
  const outcome = outcomeSchema.safeParse(value).data;
  if (outcome === undefined) return plainOutcome(value);
  const { ok, now: _now, attempts, request, attemptHistory, ...shown } = outcome;
  const tried = {
    ...(attempts === undefined ? {} : { attempts }),
    ...(request === undefined ? {} : { request }),
    ...(attemptHistory === undefined ? {} : { attemptHistory }),
  };
  if (!ok && outcome.error !== undefined) {
    const failure = outcome.error as Failure;
    const { cause: _cause, ...error } = failure;
    const message = messageWithCauses(failure);
    return { outcome: "failed", ...tried, error: { ...error, message } };
  }
  return { outcome: "succeeded", ...tried, result: shown as JsonValue };
}

/** The outcome of a call: a called execution may return any value, so it is not searched for `ok` and `error`. */
export function plainOutcome(value: JsonValue | undefined): StepOutcome {
  return { outcome: "succeeded", ...(value === undefined ? {} : { result: value }) };
}

export interface StepOutcome extends StepRecords {
  readonly outcome: "succeeded" | "failed";
  /** The number of attempts, if there was more than one. */
  readonly attempts?: number;
  readonly result?: JsonValue;
  readonly error?: Failure;
}

/** The parts of a step that describe what an execution waits for. */
export interface AwaitableStep {
  readonly name: string;
  /** The end of a sleep, in milliseconds since the Unix epoch. */
  readonly wakesAt?: number | undefined;
}

/**
 * Describes the steps that an execution waits for. A wait with a timeout is two steps, a wait and a timer right after it,
 * and is described as one item.
 *
 * @param steps all steps, in order
 */
export function describeAwaited<T extends AwaitableStep>(
  steps: readonly T[],
  isAwaited: (step: T) => boolean,
): string[] {
  const descriptions: string[] = [];
  for (const [place, step] of steps.entries()) {
    const before = steps[place - 1];
    if (!isAwaited(step) || (isTimeoutOf(step, before) && isAwaited(before))) continue;
    const after = steps[place + 1];
    const timeout = after !== undefined && isTimeoutOf(after, step) && isAwaited(after) ? after : step;
    descriptions.push(`${describe(step)}${until(timeout.wakesAt)}`);
  }
  return descriptions;
}

function isTimeoutOf<T extends AwaitableStep>(timer: T, wait: T | undefined): wait is T {
  return timer.name === "timer" && wait !== undefined && signalAwaited(wait.name) !== undefined;
}

function describe({ name }: AwaitableStep): string {
  const signal = signalAwaited(name);
  if (signal === undefined) return name;
  const [kind, what] = signal.split(" ");
  return kind === "event" ? `event "${what}"` : "callback";
}

function until(time: number | undefined): string {
  return time === undefined ? "" : ` until ${new Date(time).toISOString()}`;
}
