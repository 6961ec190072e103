import { queryRestate } from "../../support/introspection.ts";
import type { Instance } from "../../support/instance.ts";
import type { End, SkipReason } from "./judge/queued.ts";
import type { SlotRequested } from "./judge/starts.ts";

/** How the executions in Restate stand, by their id. */
export async function readEnds(instance: Instance): Promise<ReadonlyMap<string, End>> {
  const rows = await queryRestate(
    instance,
    `SELECT id, target_service_key AS workflow, status, completion_result AS result, completion_failure AS failure,
       restarted_from
     FROM sys_invocation WHERE target_service_name = 'Workflow' AND target_handler_name = 'execute'`,
  );
  return new Map(rows.map((row) => [String(row["id"]), endOf(row)]));
}

function endOf(row: Readonly<Record<string, unknown>>): End {
  const { workflow, failure, restarted_from: retryOf } = row;
  const outcome = outcomeOf(row);
  const skipped = outcome === "skipped" ? skipOf(String(failure)) : {};
  return {
    workflow: String(workflow),
    outcome,
    ...skipped,
    ...(typeof retryOf === "string" ? { retryOf } : {}),
  };
}

/** Reads the sentence that Duranium shows. */
function skipOf(text: string): Pick<End, "reason" | "by"> {
  const [, reason] = /\((debounce|singleton|batch)\)/.exec(text) ?? [];
  const [, by] = /was skipped: execution "(inv_\w+)"/.exec(text) ?? [];
  return { reason: text.includes("purged its queue") ? "purge" : (reason as SkipReason | undefined), by };
}

function outcomeOf({ status, result, failure }: Readonly<Record<string, unknown>>): End["outcome"] {
  if (status !== "completed") return "running";
  if (result === "success") return "succeeded";
  const text = String(failure);
  if (/was skipped/i.test(text)) return "skipped";
  if (/killed/i.test(text)) return "killed";
  return /cancel/i.test(text) ? "cancelled" : "failed";
}

/** When Restate stored the first request of each execution for a slot of its workflow's queue. */
export async function readSlotRequests(instance: Instance): Promise<readonly SlotRequested[]> {
  const rows = await queryRestate(
    instance,
    `SELECT id, min(appended_at) AS at FROM sys_journal WHERE name LIKE 'acquire slot of workflow:%' GROUP BY id`,
  );
  return rows.map(({ id, at }) => ({ execution: String(id), at: Date.parse(String(at)) }));
}

/** The records of executions that hold a slot or wait for one: none once all executions have ended. */
export async function readSlots(instance: Instance): Promise<readonly string[]> {
  const rows = await queryRestate(
    instance,
    `SELECT service_key, key FROM state
     WHERE service_name = 'Queue' AND (key LIKE 'h/%' OR key LIKE 'w/%' OR key LIKE 'q/%')`,
  );
  return rows.map(({ service_key: queue, key }) => `${String(queue)}: ${String(key)}`);
}

/** What the API counts in its queues. */
export async function readQueueCounts(instance: Instance): Promise<readonly string[]> {
  const { body } = await instance.request("GET", "/queues");
  return body.items
    .filter(({ running, queued }: { running: number; queued: number }) => running + queued > 0)
    .map(
      ({ id, running, queued }: { id: string; running: number; queued: number }) =>
        `${id}: ${running} running and ${queued} queued`,
    );
}
