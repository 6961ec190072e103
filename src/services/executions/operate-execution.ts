import { setTimeout as delay } from "node:timers/promises";
import type { ExecutionService } from "../../api/contract/services.ts";
import { toJsonText } from "../../base/json.ts";
import { isFinal } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { executionObjectName, queueObjectName } from "../../journal/object-names.ts";
import type { SlotAddress } from "../../journal/queue-inputs.ts";
import { readExecutionStatus, readWorkflowOf } from "../../read-model/execution-records.ts";
import { listSlots } from "../../read-model/queues/queue-records.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { WorkflowPauseStore } from "../../stores/workflow-pauses.ts";
import { purgeExecution } from "../retention/purge.ts";
import { hasEnded, notEnded } from "./execution-state-errors.ts";
import { resumeExecution } from "./resume-execution.ts";

/** Cancels, pauses, resumes and purges executions. */
export function operatorActions(
  restate: RestateClient,
  pauses: OwnPauses,
): Pick<ExecutionService, "cancel" | "pause" | "resume" | "purge"> {
  /** An operator's decision on one execution precedes the pause of its workflow. */
  async function exempt(executionId: ExecutionId): Promise<void> {
    if ((await pauses.all()).size === 0) return;
    const workflowId = await readWorkflowOf(restate, executionId);
    if ((await pauses.get(workflowId)) !== undefined) await pauses.exempt({ executionId, workflowId });
  }

  return {
    async cancel(executionId) {
      await exempt(executionId);
      await restate.cancel(executionId);
      await scheduleForcedCancellation(restate, executionId);
    },
    async pause(executionId) {
      await pause(restate, executionId);
      await pauses.forget(executionId);
    },
    async resume(executionId) {
      const status = await readExecutionStatus(restate, executionId);
      if (isFinal(status)) throw hasEnded(executionId, "resumed");
      await exempt(executionId);
      await resumeExecution(restate, executionId, status === "paused");
    },
    async purge(executionId) {
      if (!isFinal(await readExecutionStatus(restate, executionId))) throw notEnded(executionId, "deleted");
      await purgeExecution(restate, executionId);
    },
  };
}

/** The executions that are paused with their workflow. */
export type OwnPauses = Pick<WorkflowPauseStore, "all" | "get" | "exempt" | "forget">;

/** A paused or backing-off execution is resumed so that it can clean up; one that loops is killed after a timeout. */
async function scheduleForcedCancellation(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const target = { object: executionObjectName, key: executionId, handler: "enforceCancellation" };
  await restate.send(target, toJsonText(null), { idempotencyKey: "cancelled" });
  await restate.resume(executionId);
}

/** An execution that was resumed but waits for its slots stays paused. */
async function callResumptionOff(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  for (const { queue, number } of await listSlots(restate, executionId)) {
    const input: SlotAddress = { executionId, number };
    await restate.send({ object: queueObjectName, key: queue, handler: "unclaim" }, toJsonText({ ...input }));
  }
}

/** How often to check whether a pause took effect, and the delay between checks. */
const pauseChecks = { count: 10, intervalMs: 200 };

/**
 * Restate pauses running executions only, and drops the request if the execution is suspended at that moment: it would
 * continue when it wakes up. A suspended execution is therefore resumed first, and the status is checked afterwards. An
 * execution in the middle of an operation pauses at the end of the operation.
 */
async function pause(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  for (let check = 0; check < pauseChecks.count; check++) {
    const status = await readExecutionStatus(restate, executionId);
    if (isFinal(status)) throw hasEnded(executionId, "paused");
    if (status === "paused") return await callResumptionOff(restate, executionId);
    if (status === "suspended") await restate.resume(executionId);
    await restate.pause(executionId);
    await delay(pauseChecks.intervalMs);
  }
}
