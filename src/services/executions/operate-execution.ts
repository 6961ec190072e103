import { setTimeout as delay } from "node:timers/promises";
import type { ExecutionService } from "../../api/contract/services.ts";
import { toJsonText } from "../../base/json.ts";
import { isFinal } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { executionObjectName } from "../../journal/object-names.ts";
import { readExecutionStatus } from "../../read-model/execution-records.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { purgeExecution } from "../retention/purge.ts";
import { hasEnded, notEnded } from "./execution-state-errors.ts";

/** Cancels, pauses, resumes and purges executions. */
export function operatorActions(
  restate: RestateClient,
): Pick<ExecutionService, "cancel" | "pause" | "resume" | "purge"> {
  return {
    async cancel(executionId) {
      await restate.cancel(executionId);
      await scheduleForcedCancellation(restate, executionId);
    },
    pause: async (executionId) => await pause(restate, executionId),
    async resume(executionId) {
      if (isFinal(await readExecutionStatus(restate, executionId))) throw hasEnded(executionId, "resumed");
      await restate.resume(executionId);
    },
    async purge(executionId) {
      if (!isFinal(await readExecutionStatus(restate, executionId))) throw notEnded(executionId, "deleted");
      await purgeExecution(restate, executionId);
    },
  };
}

/** A paused or backing-off execution is resumed so that it can clean up; one that loops is killed after a timeout. */
async function scheduleForcedCancellation(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const target = { object: executionObjectName, key: executionId, handler: "enforceCancellation" };
  await restate.send(target, toJsonText(null), { idempotencyKey: "cancelled" });
  await restate.resume(executionId);
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
    if (status === "paused") return;
    if (status === "suspended") await restate.resume(executionId);
    await restate.pause(executionId);
    await delay(pauseChecks.intervalMs);
  }
}
