import type { ExecutionService } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { RescheduleInput } from "../../journal/object-inputs.ts";
import { executionObjectName } from "../../journal/object-names.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import { findMoved } from "../../read-model/automation/scheduled-executions.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

export function rescheduleActions(
  restate: Pick<RestateClient, "call">,
): Pick<ExecutionService, "reschedule"> {
  return {
    async reschedule(executionId, startAt) {
      const target = { object: executionObjectName, key: executionId, handler: "reschedule" };
      const input: RescheduleInput = { startAt };
      return (await restate.call(target, input)) as { readonly executionId: ExecutionId };
    },
  };
}

/**
 * Lets the former ID of a rescheduled execution refer to the one that replaced it, for as long as Restate has that: whatever a
 * caller requests of the former one, such as its cancellation, is meant for the latter.
 */
export function followMoves(service: ExecutionService, restate: RestateSql): ExecutionService {
  async function follow<Result>(
    executionId: ExecutionId,
    action: (executionId: ExecutionId) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await action(executionId);
    } catch (error) {
      const isNotFound = error instanceof DuraniumError && error.code === "execution-not-found";
      const moved = isNotFound ? await findMoved(restate, executionId) : undefined;
      if (moved === undefined) throw error;
      return await action(moved);
    }
  }
  return {
    ...service,
    reschedule: (from, startAt) => follow(from, (id) => service.reschedule(id, startAt)),
    get: (from) => follow(from, (id) => service.get(id)),
    step: (from, index) => follow(from, (id) => service.step(id, index)),
    callbacks: (from) => follow(from, (id) => service.callbacks(id)),
    statusOf: (from) => follow(from, (id) => service.statusOf(id)),
    workflowOf: (from) => follow(from, (id) => service.workflowOf(id)),
    cancel: (from) => follow(from, (id) => service.cancel(id)),
    sendEvent: (from, name, payload) => follow(from, (id) => service.sendEvent(id, name, payload)),
    pause: (from) => follow(from, (id) => service.pause(id)),
    resume: (from) => follow(from, (id) => service.resume(id)),
    retry: (from, request) => follow(from, (id) => service.retry(id, request)),
    purge: (from) => follow(from, (id) => service.purge(id)),
  };
}
