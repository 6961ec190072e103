import type { BulkAction, BulkOutcome, ExecutionService } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { isFinal } from "../../domain/execution.ts";
import type { ExecutionSummary } from "../../api/contract/execution.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import { countExecutions, listExecutions } from "../../read-model/lists/execution-list.ts";

/** Executions that are operated at the same time. */
const concurrency = 8;

/** Operates many executions, and counts them before. */
export function bulkActions(
  restate: RestateSql,
  actions: Pick<ExecutionService, BulkAction>,
): Pick<ExecutionService, "count" | "operateAll"> {
  return {
    count: async (filter) => await countExecutions(restate, filter),
    async operateAll(action, filter, page) {
      const { items, ...rest } = await listExecutions(restate, filter, page);
      const chosen = items.filter((each) => isPossible(action, each));
      const outcomes: BulkOutcome[] = [];
      for (let from = 0; from < chosen.length; from += concurrency) {
        const some = chosen.slice(from, from + concurrency);
        outcomes.push(...(await Promise.all(some.map(async (each) => await operate(actions[action], each)))));
      }
      return { ...rest, items: outcomes };
    },
  };
}

/** An execution that an action is not about is left out: it has ended, or it has not. */
function isPossible(action: BulkAction, { status }: ExecutionSummary): boolean {
  if (action === "purge") return isFinal(status);
  if (action === "resume") return status === "paused" || status === "retrying";
  return !isFinal(status) && !(action === "pause" && status === "paused");
}

async function operate(
  action: (executionId: ExecutionSummary["executionId"]) => Promise<void>,
  { executionId }: ExecutionSummary,
): Promise<BulkOutcome> {
  try {
    await action(executionId);
    return { executionId };
  } catch (error) {
    if (error instanceof DuraniumError) return { executionId, refusal: error };
    throw error;
  }
}
