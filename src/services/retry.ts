import { DuraniumError } from "../domain/errors.ts";
import type { Step } from "../domain/execution.ts";
import type { RetryRequest } from "../api/services.ts";
import type { ExecutionRecord } from "./execution-records.ts";

/**
 * How much of a journal a retry keeps: a new execution begins with all entries up to and including one, and
 * with the results of the operations among them.
 */

/**
 * The entry after the input is the look-up of the version: with it in the journal, the version stays.
 *
 * @returns the index of the last entry to keep
 * @throws {DuraniumError} `no-failed-step`, `invalid-request`
 */
export function lastEntryToKeep(record: ExecutionRecord, { from, version }: RetryRequest): number {
  const hasBegun = record.detail.version !== undefined;
  if (from === "start") return version === "same" && hasBegun ? 1 : 0;
  if (version === "current") {
    throw new DuraniumError(
      "invalid-request",
      'A retry from the failed step keeps the version, whose steps they are: leave out "version", or retry from the start',
    );
  }
  return firstStepToRepeat(record).index - 1;
}

/**
 * The failed step is the one whose result arrived last, if that is a failure: what the workflow did next was
 * to fail. What had begun before it and never ended has no result to keep, so it is repeated as well.
 */
function firstStepToRepeat({ detail, timeline }: ExecutionRecord): Step {
  const failed = timeline.lastSettled;
  if (detail.status !== "failed" || failed === undefined || !isFailure(failed)) throw noFailedStep(detail);
  const steps = timeline.steps.filter((step) => step.index < failed.index);
  if (steps.some(({ operation }) => operation === "wait")) throw hasWaited(detail);
  return steps.find(({ outcome }) => outcome === "pending") ?? failed;
}

/** An answer with the status of an error is one too: workflows throw when they see it. */
function isFailure({ outcome, operation, result }: Step): boolean {
  if (outcome === "failed") return true;
  return operation === "fetch" && statusOf(result) >= 400;
}

function statusOf(result: Step["result"]): number {
  const value = fieldOf(result, "value");
  return Number(fieldOf(value, "status") ?? 0);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** What was sent to an execution is not sent to the one that goes on for it. */
function hasWaited({ executionId }: ExecutionRecord["detail"]): DuraniumError {
  return new DuraniumError(
    "no-failed-step",
    `Execution "${executionId}" cannot be retried from a failed step: it waited for an event or a callback before, which a new execution does not get. Retry it from the start`,
  );
}

function noFailedStep({ executionId, status }: ExecutionRecord["detail"]): DuraniumError {
  const why =
    status === "failed"
      ? "it failed in the workflow's own code, after its last step had succeeded"
      : `it is ${status}`;
  return new DuraniumError(
    "no-failed-step",
    `Execution "${executionId}" cannot be retried from a failed step: ${why}. Retry it from the start`,
  );
}
