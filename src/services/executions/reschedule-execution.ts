import type { ExecutionService } from "../../api/contract/services.ts";
import { toJsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { callerHeaders, tagHeaders } from "../../journal/caller-header.ts";
import { executeInputText } from "../../journal/execute-input.ts";
import { workflowObjectName } from "../../journal/object-names.ts";
import { isScheduled, readExecution } from "../../read-model/execution-records.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { delayUntil } from "./start-execution.ts";

/**
 * Changes the time of a scheduled execution. Restate cannot move a delayed invocation, and forgets one that is cancelled before
 * its start. So another one with the same input is sent first, then the scheduled one is cancelled. A request that is repeated
 * after a crash between the two sends no third one: the idempotency key is that of the scheduled one and its new time.
 */
export function rescheduleActions(restate: RestateClient): Pick<ExecutionService, "reschedule"> {
  return {
    async reschedule(executionId, startAt) {
      const { detail } = await readExecution(restate, executionId);
      if (detail.status !== "scheduled") throw hasStarted(executionId);
      const { workflowId, entryPoint, input, caller, tags = [] } = detail;
      const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
      const text = await executeInputText({ entryPoint, payload: toJsonText(input) });
      const sent = await restate.send(target, text, {
        idempotencyKey: `reschedule/${executionId}/${new Date(startAt).toISOString()}`,
        headers: { ...(caller === undefined ? {} : callerHeaders(caller)), ...tagHeaders(tags) },
        delayMs: delayUntil(startAt),
      });
      if (!(await isScheduled(restate, executionId))) {
        await restate.cancel(sent.executionId);
        throw hasStarted(executionId);
      }
      await restate.cancel(executionId);
      return { executionId: sent.executionId };
    },
  };
}

function hasStarted(executionId: ExecutionId): DuraniumError {
  return new DuraniumError(
    "execution-started",
    `Cannot change the time of execution "${executionId}": it has started`,
  );
}
