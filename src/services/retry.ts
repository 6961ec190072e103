import type { RetryRequest } from "../api/contract/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionRecord } from "../read-model/execution-records.ts";
import { findFailedStep } from "../read-model/failed-step.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";

/**
 * How much of a journal a retry keeps: a new execution begins with all entries up to and including one, and
 * with the results of the operations among them.
 *
 * The entry after the input is the look-up of the version: with it in the journal, the version stays. The one after
 * that is `start`: with it, the new execution is the old one as far as the workflow can tell, and keeps its steps
 * (`src/read-model/reused-steps-source.ts`).
 *
 * @returns the index of the last entry to keep
 * @throws {DuraniumError} `no-failed-step`, `invalid-request`
 */
export async function lastEntryToKeep(
  restate: Pick<RestateClient, "query">,
  record: ExecutionRecord,
  { from, version }: RetryRequest,
): Promise<number> {
  const hasStarted = record.detail.version !== undefined;
  if (from === "start") return version === "same" && hasStarted ? 1 : 0;
  if (version === "current") {
    throw new DuraniumError(
      "invalid-request",
      'A retry from the failed step keeps the version, whose steps they are: leave out "version", or retry from the start',
    );
  }
  return await startToKeep(restate, record);
}

async function startToKeep(
  restate: Pick<RestateClient, "query">,
  { detail, timeline }: ExecutionRecord,
): Promise<number> {
  const { startIndex } = timeline;
  const failed =
    detail.status === "failed" ? await findFailedStep(restate, detail.executionId, timeline) : undefined;
  if (failed === undefined || startIndex === undefined) throw noFailedStep(detail);
  return startIndex;
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
