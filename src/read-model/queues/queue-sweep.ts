import type { QueueId } from "../../domain/ids.ts";
import { executionOf } from "../../flow/queue-records.ts";
import type { Batch, Bucket, Debounce, Ticket } from "../../flow/queue-records.ts";
import { queueObjectName, workflowObjectName } from "../../journal/object-names.ts";
import type { ReconcileInput } from "../../journal/queue-inputs.ts";
import { isHidden } from "../absent-executions.ts";
import { idList } from "../restate-sql.ts";
import type { RestateSql, Row } from "../restate-sql.ts";

/** What a queue has missed, and whether anything is left in it. */
export interface QueueFindings {
  readonly queue: QueueId;
  readonly missed: ReconcileInput;
  readonly isEmpty: boolean;
}

/** Records in one request to a queue. The next sweep finds the rest. */
const maxFindings = 500;

/** A wake-up that is this late was lost. */
const overdueMs = 10_000;

/**
 * Compares the records of queues with the executions in Restate: those of executions that ended without releasing their
 * slot, because they were killed or purged, and of those that an operator paused or resumed. It also finds wake-ups that did
 * not come.
 *
 * The records are read before the executions, and an execution exists before its records, so an execution that is not found
 * has ended: if Restate confirms it. If it does not, its introspection is incomplete, and nothing is missed.
 */
export async function findMissed(
  restate: RestateSql,
  queues: readonly QueueId[],
  now: number,
): Promise<readonly QueueFindings[]> {
  if (queues.length === 0) return [];
  const rows = await restate.query(
    `SELECT records.service_key AS queue, records.key AS key, records.released AS released,
       records.resuming AS resuming, i.status AS status
     FROM (
       SELECT service_key, key, value_utf8 LIKE '%"released":"paused"%' AS released,
         value_utf8 LIKE '%"resuming":true%' AS resuming,
         split_part(substr(key, 3), '.', 1) AS execution
       FROM state
       WHERE service_name = '${queueObjectName}' AND service_key IN (${idList(queues)})
         AND (key LIKE 'h/%' OR key LIKE 'w/%')
     ) AS records
     LEFT JOIN sys_invocation AS i
       ON i.id = records.execution AND i.target_service_name = '${workflowObjectName}'`,
  );
  if (await isIncomplete(restate, rows))
    return queues.map((queue) => ({ queue, isEmpty: false, missed: nothing }));
  const timed = await readTimed(restate, queues);
  const reconciling = await readReconciling(restate);
  return queues.map((queue) => {
    const own = rows.filter((row) => row["queue"] === queue);
    const tickets = (isWanted: (row: (typeof own)[number]) => boolean) =>
      own
        .filter(isWanted)
        .slice(0, maxFindings)
        .map((row) => String(row["key"]).slice(2));
    const isHolder = (row: (typeof own)[number]) => String(row["key"]).startsWith("h/");
    const isResuming = (row: (typeof own)[number]) => String(row["resuming"]) === "true";
    const isReleased = (row: (typeof own)[number]) => String(row["released"]) === "true";
    const hasEnded = ({ status }: (typeof own)[number]) =>
      typeof status !== "string" || status === "completed";
    const isPaused = ({ status }: (typeof own)[number]) => status === "paused";
    const wakes = timed.filter((each) => each.queue === queue);
    return {
      queue,
      isEmpty: own.length === 0 && wakes.length === 0,
      missed: reconciling.has(queue)
        ? nothing
        : {
            ended: tickets(hasEnded),
            paused: tickets((row) => isHolder(row) && isPaused(row) && !isReleased(row) && !isResuming(row)),
            resumed: tickets((row) => isHolder(row) && !isPaused(row) && !hasEnded(row) && isReleased(row)),
            overdue: wakes
              .filter(({ at }) => at < now - overdueMs)
              .slice(0, maxFindings)
              .map(({ kind, key }) => ({ kind, key })),
          },
    };
  });
}

/** Whether an execution exists that the query did not find. */
async function isIncomplete(restate: RestateSql, rows: readonly Row[]): Promise<boolean> {
  const unseen = rows.filter(({ status }) => typeof status !== "string").slice(0, maxFindings);
  for (const row of unseen) {
    const ticket = String(row["key"]).slice(2) as Ticket;
    if (await isHidden(restate, executionOf(ticket))) return true;
  }
  return false;
}

const nothing: ReconcileInput = { ended: [], paused: [], resumed: [], overdue: [] };

/**
 * Queues that have not processed the findings of an earlier sweep. They still have the records of executions whose release
 * waits for its turn, and would find them again with each sweep: the requests of the sweeps would delay the queue further.
 */
async function readReconciling(restate: RestateSql): Promise<ReadonlySet<string>> {
  const rows = await restate.query(
    `SELECT DISTINCT target_service_key AS queue FROM sys_invocation
     WHERE target_service_name = '${queueObjectName}' AND target_handler_name = 'reconcile' AND status != 'completed'`,
  );
  return new Set(rows.map((row) => String(row["queue"])));
}

interface Timed {
  readonly queue: QueueId;
  readonly kind: "rate" | "debounce" | "batch";
  readonly key: string;
  /** When it is due, in milliseconds since the Unix epoch. */
  readonly at: number;
}

const timedKinds = { t: "rate", d: "debounce", b: "batch" } as const;

/** Buckets at which nothing waits have no wake-up. There may be many of them, one for each key. */
async function readTimed(restate: RestateSql, queues: readonly QueueId[]): Promise<readonly Timed[]> {
  const rows = await restate.query(
    `SELECT service_key, key, value_utf8 FROM state
     WHERE service_name = '${queueObjectName}' AND service_key IN (${idList(queues)})
       AND ((key LIKE 't/%' AND value_utf8 LIKE '%"wakeAt"%') OR key LIKE 'd/%' OR key LIKE 'b/%')`,
  );
  return rows.map((row) => {
    const path = String(row["key"]);
    const kind = timedKinds[path.slice(0, 1) as keyof typeof timedKinds];
    const { wakeAt, dueAt } = JSON.parse(String(row["value_utf8"])) as Partial<Bucket & Debounce & Batch>;
    const queue = String(row["service_key"]) as QueueId;
    return { queue, kind, key: path.slice(2), at: wakeAt ?? dueAt ?? 0 };
  });
}

/** All queues with executions that wait or hold a slot. */
export async function findUsedQueues(restate: RestateSql): Promise<readonly QueueId[]> {
  const rows = await restate.query(
    `SELECT DISTINCT service_key FROM state
     WHERE service_name = '${queueObjectName}' AND (key LIKE 'h/%' OR key LIKE 'w/%')`,
  );
  return rows.map((row) => String(row["service_key"]) as QueueId);
}
