/**
 * How an execution ends: `run` returned, it threw, or an exception was thrown where no caller could catch it (in a
 * timer callback, in an event listener). The host uses the first outcome that this module reports.
 */
import { complete, fail } from "duranium:runtime/host@0.1.0";
import { writeError } from "./console.ts";
import { encodeFailure } from "../core/failure.ts";
import type { Workflow } from "./workflow-exports.ts";
import { encodeResult } from "../core/result.ts";

/** Unset during an evaluation: there is no execution that could fail, and the evaluation itself fails instead. */
let execution: ExecutionSettings | undefined;

type ExecutionSettings = Pick<Workflow, "runStack" | "unhandledRejections">;
const fallbackFailure = encodeFailure(
  new Error("The workflow failed, and broke what would have told how"),
  "",
);
let evaluationFailure: { readonly thrown: unknown } | undefined;

/** Called when an execution starts. From then on, failures end the execution. */
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
    // A workflow that has destroyed the globals must still end.
    fail(fallbackFailure);
  }
}

/**
 * An uncaught exception, which would end a process in Node, ends the execution or the evaluation. It is also
 * written to the console, because the workflow may have returned already.
 */
export function reportUncaught(thrown: unknown, what = "Uncaught error:"): void {
  if (execution === undefined) {
    evaluationFailure ??= { thrown };
    return;
  }
  writeError(what, thrown);
  failExecution(thrown);
}

/** The same for an unhandled rejection. If the workflow opts out, the rejection is only written to the console. */
export function reportUnhandledRejection(reason: unknown): void {
  const what = "Unhandled rejection:";
  if (execution?.unhandledRejections === "warn") writeError(what, reason);
  else reportUncaught(reason, what);
}

/** Rethrows the exception that `reportUncaught` received during the evaluation. */
export function throwEvaluationFailure(): void {
  if (evaluationFailure !== undefined) throw evaluationFailure.thrown;
}

/**
 * Calls a callback of the workflow and ignores its result. If the result is a promise that rejects, the rejection
 * is reported like every unhandled rejection (`rejections.ts`).
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
