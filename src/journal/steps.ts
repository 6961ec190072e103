import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import type { FetchAttempt, RequestRecord, Step } from "../domain/execution.ts";
import { messageWithCauses } from "../domain/outcome.ts";
import type { Failure } from "../domain/outcome.ts";
import { signalAwaited } from "./signals.ts";

/** Entries of a journal as the steps that people see. */

/** Larger results are left out of what is shown. */
export const maxShownBytes = 64 * 1024;

/** All that is shown of results; those of up to `minShownBytes` come on top of it. */
export const maxShownBytesTotal = 4 * 1024 * 1024;
export const minShownBytes = 2 * 1024;

/** `fetch` of `fetch GET https://api.example.com/orders`. */
export function operationOf(name: string): string {
  return name.split(" ", 1)[0] ?? name;
}

/** Readings of the clock alone are no steps that anybody asked for. */
export function isStep(name: string): boolean {
  return name !== "clock";
}

/** What a wait for a signal came to, where another wait for the same one came after it. */
export const abandonedWaitValue: JsonValue = {
  ok: false,
  error: { name: "AbortError", message: "Nobody waited any more" },
};

const outcomeSchema = z.looseObject({
  ok: z.boolean(),
  attempts: z.int().optional(),
  request: z.custom<RequestRecord>((value) => typeof value === "object").optional(),
  attemptLog: z.custom<readonly FetchAttempt[]>((value) => Array.isArray(value)).optional(),
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
 * What came of a step. An operation that failed is journaled as `{ok: false, error}`; its clock reading is no part of
 * its result.
 *
 * @param value as it was journaled; `undefined` where the result is a void one, or too large to be shown
 */
export function stepOutcome(value: JsonValue | undefined): StepOutcome {
  const outcome = outcomeSchema.safeParse(value).data;
  if (outcome === undefined) return plainOutcome(value);
  const { ok, now: _now, attempts, request, attemptLog, ...shown } = outcome;
  const tried = {
    ...(attempts === undefined ? {} : { attempts }),
    ...(request === undefined ? {} : { request }),
    ...(attemptLog === undefined ? {} : { attemptLog }),
  };
  if (!ok && outcome.error !== undefined) {
    const failure = outcome.error as Failure;
    const { cause: _cause, ...error } = failure;
    const message = messageWithCauses(failure);
    return { outcome: "failed", ...tried, error: { ...error, message } };
  }
  return { outcome: "succeeded", ...tried, result: shown as JsonValue };
}

/** What another handler returned is its own, whatever it looks like. */
export function plainOutcome(value: JsonValue | undefined): StepOutcome {
  return { outcome: "succeeded", ...(value === undefined ? {} : { result: value }) };
}

export interface StepOutcome extends Pick<Step, "attempts" | "attemptLog" | "request" | "result" | "error"> {
  readonly outcome: "succeeded" | "failed";
}

/** What was asked for, as far as it can be told what is waited for. */
export interface AwaitableStep {
  readonly name: string;
  /** When a sleep is over, in milliseconds since the Unix epoch. */
  readonly wakesAt?: number | undefined;
}

/**
 * What is waited for, in words. A wait with a timeout is a wait and, asked for right after it, a timer: the two are told
 * as one.
 *
 * @param steps all of them, in their order
 */
export function describeAwaited<T extends AwaitableStep>(
  steps: readonly T[],
  isAwaited: (step: T) => boolean,
): string[] {
  const told: string[] = [];
  for (const [place, step] of steps.entries()) {
    const before = steps[place - 1];
    if (!isAwaited(step) || (isTimeoutOf(step, before) && isAwaited(before))) continue;
    const after = steps[place + 1];
    const timeout = after !== undefined && isTimeoutOf(after, step) && isAwaited(after) ? after : step;
    told.push(`${describe(step)}${until(timeout.wakesAt)}`);
  }
  return told;
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
