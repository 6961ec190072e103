import type { ExecutionService } from "../../api/contract/services.ts";
import { isFinal } from "../../domain/execution.ts";
import { listExecutions } from "../../read-model/lists/execution-list.ts";
import {
  readExecution,
  readExecutionStatus,
  readStep,
  readWorkflowOf,
} from "../../read-model/execution-records.ts";
import { openCallbacks } from "../../read-model/open-callbacks.ts";
import type { KeyRing } from "../../stores/data-directory/key-ring.ts";
import type { ExecutionEndStore } from "../../stores/logs/execution-ends.ts";
import type { LogStore } from "../../stores/logs/logs.ts";
import type { VersionStore } from "../../stores/versions.ts";
import { readQueuePosition } from "../queues/queue-position.ts";
import { readFullRecording } from "./full-recording.ts";
import { createEachUnretried } from "../forks/each-unretried.ts";
import { forkActions } from "../forks/fork-execution.ts";
import { operatorActions } from "./operate-execution.ts";
import type { OwnPauses } from "./operate-execution.ts";
import { bulkActions } from "./operate-executions.ts";
import { followMoves, rescheduleActions } from "./reschedule-execution.ts";
import { retryActions } from "./retry-executions.ts";
import { externalInputs } from "./send-to-execution.ts";
import { startActions } from "./start-execution.ts";
import type { StartOptions } from "./start-execution.ts";

export interface ExecutionServiceOptions extends StartOptions {
  readonly keys: Pick<KeyRing, "open" | "has">;
  readonly ends: Pick<ExecutionEndStore, "get">;
  readonly logs: Pick<LogStore, "list">;
  readonly versions: Pick<VersionStore, "declaresRejection" | "get">;
  readonly pauses: OwnPauses;
}

/** Executions as Restate has them. Only their fuel usage is stored elsewhere. */
export function createExecutionService(options: ExecutionServiceOptions): ExecutionService {
  const { restate, keys, ends, onAccepted } = options;
  const actions = operatorActions(restate, options.pauses);
  const forEachUnretried = createEachUnretried(restate);
  const service: ExecutionService = {
    ...startActions(options),
    ...actions,
    ...bulkActions(restate, actions),
    ...rescheduleActions(restate),
    ...retryActions(restate, onAccepted, forEachUnretried),
    ...forkActions(options, forEachUnretried),
    ...externalInputs(restate, keys),
    async get(executionId) {
      const { detail } = await readExecution(restate, executionId, { withRetries: true });
      const fuelUsed = (await ends.get(executionId))?.fuelUsed ?? undefined;
      const queue =
        detail.status === "queued" || detail.status === "paused"
          ? await readQueuePosition(restate, executionId, detail.workflowId)
          : undefined;
      return {
        ...detail,
        ...(fuelUsed === undefined ? {} : { fuelUsed }),
        ...(queue === undefined ? {} : { queue }),
      };
    },
    recording: async (executionId) => await readFullRecording(options, executionId),
    step: async (executionId, index) => await readStep(restate, executionId, index),
    async callbacks(executionId) {
      const { detail, timeline } = await readExecution(restate, executionId);
      return isFinal(detail.status) ? [] : openCallbacks(timeline);
    },
    statusOf: async (executionId) => await readExecutionStatus(restate, executionId),
    workflowOf: async (executionId) => await readWorkflowOf(restate, executionId),
    list: async (filter, page) => await listExecutions(restate, filter, page),
  };
  return followMoves(service, restate);
}
