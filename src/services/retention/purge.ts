import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxConcurrentPurges } from "../../domain/limits.ts";
import { executionObjectName, workflowStateName } from "../../journal/object-names.ts";
import { hasRunningExecutions, listExecutionIds } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/**
 * Forgets an execution that has ended. What is begun with its idempotency key afterwards gets its id from Restate, so what
 * was counted of its events and callbacks goes too: the new one counts from its first.
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
 * Forgets all that a removed workflow has left in Restate: its executions with their payloads and results, and its state.
 *
 * @throws {DuraniumError} `workflow-name-in-use`, where an execution of it is under way; `restate-unavailable`
 */
export async function purgeRemovedWorkflow(
  restate: Pick<RestateClient, "purge" | "clearState" | "query">,
  workflowId: WorkflowId,
): Promise<void> {
  if (await hasRunningExecutions(restate, workflowId)) {
    throw new DuraniumError(
      "workflow-name-in-use",
      `Cannot deploy workflow "${workflowId}": a workflow of this name was removed, and executions of it are still under way. Wait for their end, or cancel them`,
    );
  }
  const ids = await listExecutionIds(restate, workflowId);
  for (let from = 0; from < ids.length; from += maxConcurrentPurges) {
    await Promise.all(
      ids.slice(from, from + maxConcurrentPurges).map(async (id) => await purgeIfPresent(restate, id)),
    );
  }
  await restate.clearState(workflowStateName, workflowId);
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
