import type { ExecutionService, RetryRequest } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { isFinal } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { readExecution } from "../../read-model/execution-records.ts";
import type { ExecutionRecord } from "../../read-model/execution-records.ts";
import { findFailedStep } from "../../read-model/failed-step.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { EachUnretried } from "../forks/each-unretried.ts";
import { notEnded } from "./execution-state-errors.ts";

/**
 * Retries ended executions, one or many.
 *
 * @param onAccepted called for each new execution
 */
export function retryActions(
  restate: RestateClient,
  onAccepted: (executionId: ExecutionId) => void,
  forEachUnretried: EachUnretried,
): Pick<ExecutionService, "retry" | "retryAll"> {
  async function accepted(executionId: ExecutionId, request: RetryRequest): Promise<ExecutionId> {
    const retryExecutionId = await retry(restate, executionId, request);
    onAccepted(retryExecutionId);
    return retryExecutionId;
  }

  return {
    retry: async (executionId, request) => ({ executionId: await accepted(executionId, request) }),
    retryAll: async (filter, { limit, ...request }) =>
      await forEachUnretried({ filter, limit }, async (executionId) => ({
        retryExecutionId: await accepted(executionId, request),
      })),
  };
}

async function retry(
  restate: RestateClient,
  executionId: ExecutionId,
  request: RetryRequest,
): Promise<ExecutionId> {
  const record = await readExecution(restate, executionId);
  if (!isFinal(record.detail.status)) throw notEnded(executionId, "retried");
  return await restate.restart(executionId, await lastEntryToCopy(restate, record, request));
}

/**
 * How much of the journal a retry copies: the new execution starts with all entries up to and including one, and with the
 * results of the operations among them.
 *
 * The entry after the input is the look-up of the version, which fixes the version. The one after that is `start`, with
 * which the workflow cannot tell the new execution from the old one, and reuses its steps
 * (`src/read-model/reuse/reused-steps-source.ts`).
 *
 * @returns the index of the last entry to copy
 * @throws {DuraniumError} `no-failed-step`, `invalid-request`
 */
async function lastEntryToCopy(
  restate: Pick<RestateClient, "query">,
  record: ExecutionRecord,
  { from, version }: RetryRequest,
): Promise<number> {
  const hasStarted = record.detail.version !== undefined;
  if (from === "start") return version === "same" && hasStarted ? 1 : 0;
  if (version === "current") {
    throw new DuraniumError(
      "invalid-request",
      'Cannot retry from the failed step with another version: its steps belong to the version. Omit "version", or retry from the start',
    );
  }
  return await startToCopy(restate, record);
}

async function startToCopy(
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
