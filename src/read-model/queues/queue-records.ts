import type { HeldSlot } from "../../domain/flow/slot.ts";
import type { ExecutionId, QueueId } from "../../domain/ids.ts";
import { executionOf } from "../../flow/queue-records.ts";
import type { Core, Holder, KeyRecord, Lane, Ticket, Waiting } from "../../flow/queue-records.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import { idList } from "../restate-sql.ts";
import type { RestateSql, Row } from "../restate-sql.ts";

/** Reads the records of queues, which are state keys of the Virtual Object `Queue`. */

const queueState = `service_name = '${queueObjectName}'`;

/** A queue as lists show it. */
export interface QueueRecord {
  readonly queue: QueueId;
  readonly core: Core;
}

/** All queues that were ever used or configured, by id. */
export async function listQueueRecords(
  restate: RestateSql,
  only?: readonly QueueId[],
): Promise<readonly QueueRecord[]> {
  if (only?.length === 0) return [];
  const chosen = only === undefined ? "" : `AND service_key IN (${idList(only)})`;
  const rows = await restate.query(
    `SELECT service_key, value_utf8 FROM state WHERE ${queueState} ${chosen} AND key = 'core' ORDER BY service_key`,
  );
  return rows.map((row) => ({ queue: String(row["service_key"]) as QueueId, core: valueOf(row) as Core }));
}

/** Executions of a queue that hold a slot or wait, oldest first. */
export interface QueueMember<Record> {
  readonly executionId: ExecutionId;
  readonly ticket: Ticket;
  readonly record: Record;
}

/** The holders of slots, some of them if there are many. */
export async function listHolders(
  restate: RestateSql,
  queue: QueueId,
  limit: number,
): Promise<readonly QueueMember<Holder>[]> {
  return await listMembers<Holder>(restate, queue, "h/", limit);
}

export async function listWaiting(
  restate: RestateSql,
  queue: QueueId,
  limit: number,
): Promise<readonly QueueMember<Waiting>[]> {
  return await listMembers<Waiting>(restate, queue, "w/", limit);
}

async function listMembers<Record extends Holder | Waiting>(
  restate: RestateSql,
  queue: QueueId,
  prefix: string,
  limit: number,
): Promise<readonly QueueMember<Record>[]> {
  const rows = await restate.query(
    `SELECT key, value_utf8 FROM state
     WHERE ${queueState} AND service_key = '${queue}' AND key LIKE '${prefix}%'
     LIMIT ${limit}`,
  );
  const members = rows.map((row) => {
    const ticket = String(row["key"]).slice(prefix.length) as Ticket;
    return { executionId: executionOf(ticket), ticket, record: valueOf(row) as Record };
  });
  return members.toSorted((one, other) => one.record.since - other.record.since);
}

/** The keys of a queue with the most executions that wait. */
export async function listKeys(
  restate: RestateSql,
  queue: QueueId,
  limit: number,
): Promise<readonly { readonly key: string; readonly running: number; readonly queued: number }[]> {
  const rows = await restate.query(
    `SELECT key, value_utf8 FROM state
     WHERE ${queueState} AND service_key = '${queue}' AND (key LIKE 'l/%' OR key LIKE 'k/%') LIMIT 10000`,
  );
  const queued = new Map<string, number>();
  const running = new Map<string, number>();
  for (const row of rows) {
    const path = String(row["key"]);
    if (path.startsWith("k/")) running.set(path.slice(2), (valueOf(row) as KeyRecord).running);
    else {
      const { key, count } = valueOf(row) as Lane;
      queued.set(key, (queued.get(key) ?? 0) + count);
    }
  }
  return [...new Set([...queued.keys(), ...running.keys()])]
    .map((key) => ({ key, running: running.get(key) ?? 0, queued: queued.get(key) ?? 0 }))
    .filter((each) => each.running + each.queued > 0)
    .toSorted((one, other) => other.queued - one.queued || other.running - one.running)
    .slice(0, limit);
}

/** Where an execution waits, in the queue of its workflow or in a shared one. Undefined if it waits in no queue. */
export async function findWaiting(
  restate: RestateSql,
  executionId: ExecutionId,
  own: QueueId,
): Promise<(QueueMember<Waiting> & { readonly queue: QueueId }) | undefined> {
  const [row] = await restate.query(
    `SELECT service_key, key, value_utf8 FROM state
     WHERE ${queueState} AND (service_key = '${own}' OR service_key LIKE 'shared:%')
       AND key LIKE 'w/${executionId}.%' LIMIT 1`,
  );
  if (row === undefined) return undefined;
  const ticket = String(row["key"]).slice(2) as Ticket;
  return {
    queue: String(row["service_key"]) as QueueId,
    executionId,
    ticket,
    record: valueOf(row) as Waiting,
  };
}

/**
 * The slots of an execution, in the order in which all executions acquire them, so that two cannot wait for each other:
 * that of its workflow, those of shared limits, those of hosts, each by name.
 */
export async function listSlots(restate: RestateSql, executionId: ExecutionId): Promise<readonly HeldSlot[]> {
  const prefix = `h/${executionId}.`;
  const rows = await restate.query(
    `SELECT service_key, key FROM state WHERE ${queueState} AND key LIKE '${prefix}%'`,
  );
  const slots = rows.map((row): HeldSlot => {
    return {
      queue: String(row["service_key"]) as QueueId,
      number: Number(String(row["key"]).slice(prefix.length)),
    };
  });
  return slots.toSorted((one, other) => compareText(rankOf(one), rankOf(other)) || one.number - other.number);
}

const kinds = ["workflow:", "shared:", "host:"];

function rankOf({ queue }: HeldSlot): string {
  return `${kinds.findIndex((kind) => queue.startsWith(kind))} ${queue}`;
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The number of executions before this one in its lane. */
export async function countBefore(
  restate: RestateSql,
  queue: QueueId,
  { laneId, number }: { readonly laneId: number; readonly number: number },
): Promise<number> {
  const prefix = `q/${laneId}/`;
  const place = `${prefix}${String(number).padStart(12, "0")}`;
  const [row] = await restate.query(
    `SELECT count(*) AS before FROM state
     WHERE ${queueState} AND service_key = '${queue}' AND key >= '${prefix}' AND key < '${place}'`,
  );
  return Number(row?.["before"] ?? 0);
}

function valueOf(row: Row): unknown {
  return JSON.parse(String(row["value_utf8"]));
}
