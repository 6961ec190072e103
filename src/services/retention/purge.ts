import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxConcurrentPurges } from "../../domain/limits.ts";
import { executionObjectName, workflowStateName } from "../../journal/object-names.ts";
import { executionCondition } from "../../read-model/execution-records.ts";
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
 * @throws {DuraniumError} `workflow-in-use`, where an execution of it is under way; `restate-unavailable`
 */
export async function purgeRemovedWorkflow(
  restate: Pick<RestateClient, "purge" | "clearState" | "query">,
  workflowId: WorkflowId,
): Promise<void> {
  const ofWorkflow = `${executionCondition} AND target_service_key = '${workflowId}'`;
  const underWay = await restate.query(
    `SELECT id FROM sys_invocation WHERE ${ofWorkflow} AND status <> 'completed' LIMIT 1`,
  );
  if (underWay.length > 0) {
    throw new DuraniumError(
      "workflow-in-use",
      `Cannot deploy workflow "${workflowId}": a workflow of this name was removed, and executions of it are still under way. Wait for their end, or cancel them`,
    );
  }
  const rows = await restate.query(`SELECT id FROM sys_invocation WHERE ${ofWorkflow}`);
  const ids = rows.map((row) => parseExecutionId(String(row["id"])));
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
