/**
 * How an execution ends: `run` returned, it threw, or something that nobody could catch was thrown (in the
 * callback of a timer, in an event listener). The host takes the first of what is said here.
 */
import { complete, fail } from "duranium:runtime/host@0.1.0";
import { writeError } from "./console.ts";
import { encodeFailure } from "../core/failure.ts";
import type { Workflow } from "./workflow-exports.ts";
import { encodeResult } from "../core/result.ts";

/** While a workflow is evaluated there is no execution that could fail: the evaluation does. */
let execution: ExecutionSettings | undefined;

type ExecutionSettings = Pick<Workflow, "runStack" | "unhandledRejections">;
const fallbackFailure = encodeFailure(
  new Error("The workflow failed, and broke what would have told how"),
  "",
);
let evaluationFailure: { readonly thrown: unknown } | undefined;

/** From now on failures end the execution. */
export function beginExecution(settings: ExecutionSettings): void {
  execution = settings;
}

export function resetCompletion(): void {
  execution = undefined;
  evaluationFailure = undefined;
}

export function completeExecution(result: unknown): void {
  try {
    complete(encodeResult(result));
  } catch (error) {
    failExecution(error);
  }
}

export function failExecution(thrown: unknown): void {
  try {
    fail(encodeFailure(thrown, execution?.runStack ?? ""));
  } catch {
    // A workflow that took the globals apart must still end.
    fail(fallbackFailure);
  }
}

/**
 * What would end a process elsewhere ends the execution here, or the evaluation. It is also a line of the console: the
 * workflow may have returned already.
 */
export function reportUncaught(thrown: unknown, what = "Uncaught error:"): void {
  if (execution === undefined) {
    evaluationFailure ??= { thrown };
    return;
  }
  writeError(what, thrown);
  failExecution(thrown);
}

/** The same for a rejection that nothing handles; where the workflow wants that, it is a line of the console alone. */
export function reportUnhandledRejection(reason: unknown): void {
  const what = "Unhandled rejection:";
  if (execution?.unhandledRejections === "warn") writeError(what, reason);
  else reportUncaught(reason, what);
}

/** Rethrows what `reportUncaught` received during the evaluation. */
export function throwEvaluationFailure(): void {
  if (evaluationFailure !== undefined) throw evaluationFailure.thrown;
}

/**
 * Calls a callback of the workflow whose result is of no use. Where that is a promise that rejects, it is reported as
 * every rejection without a handler (`rejections.ts`).
 */
export function callGuarded(
  callback: (...args: never[]) => unknown,
  thisArg: unknown,
  args: unknown[],
): void {
  try {
    Reflect.apply(callback, thisArg, args);
  } catch (error) {
    reportUncaught(error);
  }
}
