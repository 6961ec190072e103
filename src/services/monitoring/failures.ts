import type { FailureService, FailureView } from "../../api/contract/monitoring.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { FailureGroup, FailureStore } from "../../stores/logs/failures.ts";

/** Failures of the retained executions, grouped by their cause. */
export function createFailureService(failures: FailureStore): FailureService {
  return {
    async list(filter, page) {
      const { items, ...rest } = await failures.list(filter, page);
      return { ...rest, items: items.flatMap((group) => viewOf(group) ?? []) };
    },
    async executions(failureId, filter, limit) {
      const ids = await failures.executions({ ...filter, failureId }, limit);
      if (ids.length === 0) throw new DuraniumError("failure-not-found", `Failure "${failureId}" not found`);
      return ids;
    },
  };
}

function viewOf({ failureId, latest, ...group }: FailureGroup): FailureView | undefined {
  const [sample] = latest;
  if (sample === undefined) return undefined;
  const { workflowId, code, name, message, file, line } = sample;
  return {
    failureId,
    workflowId,
    code: code ?? "internal",
    name: name ?? "Error",
    message: message ?? "",
    ...(file === null || line === null ? {} : { at: { file, line } }),
    ...group,
    sample: sample.executionId,
    lastExecutions: latest.map(({ executionId }) => executionId),
  };
}
