import { DuraniumError } from "../../domain/errors.ts";
import { workflowQueue } from "../../domain/flow/queue-id.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import {
  executionObjectName,
  queueObjectName,
  replayCheckObjectName,
  workflowStateName,
} from "../../journal/object-names.ts";
import { hasRunningExecutions, listExecutionIds } from "../../read-model/queries.ts";
import { listReplayChecks } from "../../read-model/recordings/replay-checks.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { maxConcurrentPurges } from "./limits.ts";

/**
 * Deletes an ended execution. A later execution with its idempotency key gets the same ID from Restate, so the counts of
 * its events and callbacks are deleted too.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-not-ended`, `restate-unavailable`
 */
export async function purgeExecution(
  restate: Pick<RestateClient, "purge" | "clearState">,
  executionId: ExecutionId,
): Promise<void> {
  await restate.purge(executionId);
  await restate.clearState(executionObjectName, executionId);
}

/**
 * Deletes the data of a removed workflow from Restate: its executions with payloads and results, its state, its queue
 * and its replay checks.
 *
 * @throws {DuraniumError} `workflow-name-in-use`, if one of its executions is running; `restate-unavailable`
 */
export async function purgeRemovedWorkflow(
  restate: Pick<RestateClient, "purge" | "clearState" | "query">,
  workflowId: WorkflowId,
): Promise<void> {
  if (await hasRunningExecutions(restate, workflowId)) {
    throw new DuraniumError(
      "workflow-name-in-use",
      `Cannot deploy workflow "${workflowId}": executions of the deleted workflow of this name are in progress. Wait for them or cancel them`,
    );
  }
  const ids = await listExecutionIds(restate, workflowId);
  for (let from = 0; from < ids.length; from += maxConcurrentPurges) {
    await Promise.all(
      ids.slice(from, from + maxConcurrentPurges).map(async (id) => await purgeIfPresent(restate, id)),
    );
  }
  await restate.clearState(workflowStateName, workflowId);
  await restate.clearState(queueObjectName, workflowQueue(workflowId));
  for (const { id } of await listReplayChecks(restate, workflowId)) {
    await restate.clearState(replayCheckObjectName, id);
  }
}

async function purgeIfPresent(
  restate: Pick<RestateClient, "purge" | "clearState">,
  executionId: ExecutionId,
): Promise<void> {
  try {
    await purgeExecution(restate, executionId);
  } catch (error) {
    if (!(error instanceof DuraniumError) || error.code !== "execution-not-found") throw error;
  }
}
