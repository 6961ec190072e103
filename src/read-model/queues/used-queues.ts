import { workflowQueue } from "../../domain/flow/queue-id.ts";
import type { QueueId, WorkflowId } from "../../domain/ids.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import { executionCondition } from "../execution-condition.ts";
import type { RestateSql } from "../restate-sql.ts";

/** A queue that a workflow uses: its own, or one of several workflows in which executions of it wait. */
export interface UsedQueue {
  readonly queue: QueueId;
  /** The waiting ones in a queue of several workflows. */
  readonly tickets: readonly string[];
}

/** The queues that a workflow leaves when it is deleted. Queues of hosts are left by each fetch. */
export async function queuesOf(restate: RestateSql, workflowId: WorkflowId): Promise<readonly UsedQueue[]> {
  const own = workflowQueue(workflowId);
  const [used, waiting] = await Promise.all([
    restate.query(
      `SELECT key FROM state WHERE service_name = '${queueObjectName}' AND service_key = '${own}' AND key = 'core'`,
    ),
    restate.query(
      `SELECT records.queue AS queue, records.ticket AS ticket
       FROM (
         SELECT service_key AS queue, substr(key, 3) AS ticket, split_part(substr(key, 3), '.', 1) AS execution
         FROM state
         WHERE service_name = '${queueObjectName}' AND service_key LIKE 'shared:%' AND key LIKE 'w/%'
       ) AS records
       JOIN sys_invocation AS i ON i.id = records.execution
       WHERE ${executionCondition} AND i.target_service_key = '${workflowId}'`,
    ),
  ]);
  const shared = Map.groupBy(waiting, (row) => String(row["queue"]) as QueueId);
  return [
    ...(used.length === 0 ? [] : [{ queue: own, tickets: [] }]),
    ...[...shared].map(([queue, rows]) => ({ queue, tickets: rows.map((row) => String(row["ticket"])) })),
  ];
}
