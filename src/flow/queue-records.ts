import type { QueueLimits, QueueOverride } from "../domain/flow/queue-limits.ts";
import type { Reclaim, SlotRequest } from "../domain/flow/slot.ts";
import type { ExecutionId } from "../domain/ids.ts";

/**
 * What a queue stores, record by record. Each waiting execution and each key has a record of its own, so a request reads and
 * writes a few small records however many executions wait.
 *
 * | key                    | record                                                          |
 * | ---------------------- | --------------------------------------------------------------- |
 * | `core`                 | `Core`                                                          |
 * | `h/<ticket>`           | `Holder`: it holds a slot                                       |
 * | `w/<ticket>`           | `Waiting`                                                       |
 * | `p/<ticket>`           | the payload of an execution that waits for a batch              |
 * | `l/<lane>`             | `Lane`: waiting executions with the same keys and priority      |
 * | `q/<lane id>/<number>` | the ticket at this place of the lane                            |
 * | `r/<level>/<number>`   | the lane at this place of the ring                              |
 * | `k/<key>`              | `KeyRecord`                                                     |
 * | `kp/<key>` + `/<n>`    | a lane that waits for a slot of the key                         |
 * | `t/<key>`              | `Bucket`                                                        |
 * | `tk/<n>`               | the key of a bucket, in the list of buckets                     |
 * | `tp/<key>` + `/<n>`    | a lane that waits for a token of the bucket                     |
 * | `d/<key>`              | `Debounce`                                                      |
 * | `s/<key>`              | `Singleton`                                                     |
 * | `b/<key>`              | `Batch`                                                         |
 */

/** Names a request for a slot: `<execution id>.<number>`. The number tells several requests of an execution apart. */
export type Ticket = `${string}.${number}`;

export function ticketOf(executionId: ExecutionId, number: number): Ticket {
  return `${executionId}.${number}`;
}

export function executionOf(ticket: Ticket): ExecutionId {
  return ticket.slice(0, ticket.lastIndexOf(".")) as ExecutionId;
}

export function numberOf(ticket: Ticket): number {
  return Number(ticket.slice(ticket.lastIndexOf(".") + 1));
}

/** The execution of a ticket, and the number of the signal that answers it. */
export function addressOf(ticket: Ticket): { readonly executionId: ExecutionId; readonly number: number } {
  return { executionId: executionOf(ticket), number: numberOf(ticket) };
}

export interface Core {
  readonly limits: QueueLimits;
  /** When the limits were configured, in milliseconds since the Unix epoch. Older limits do not replace them. */
  readonly limitsAt: number;
  readonly override?: QueueOverride;
  /** Set while an operator has stopped all grants. */
  readonly paused?: OperatorNote;
  /** Set while the workflow of the queue is paused. Resuming the queue does not end it. */
  readonly workflowPaused?: OperatorNote;
  /** Set while the queue grants what waited at that time, and nothing that arrived later. It is paused afterwards. */
  readonly draining?: OperatorNote & { readonly remaining: number };
  /** When the workflow of the queue was deleted. The queue is forgotten once nothing of it runs any more. */
  readonly removedAt?: number;
  /** No grants before this time, because the target asked for it. */
  readonly heldUntil?: number;
  /** Incremented by each drain. Executions that arrive during a drain belong to the next epoch. */
  readonly epoch: number;
  readonly running: number;
  readonly waiting: number;
  readonly nextLane: number;
  /** The list of buckets, from which full ones are removed. Absent without any. */
  readonly buckets?: Places;
  readonly rings: readonly Ring[];
}

export interface OperatorNote {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly by?: string;
  readonly note?: string;
}

/** The lanes of one priority, in the order in which they are served. */
export interface Ring extends Places {
  readonly epoch: number;
  readonly priority: number;
  /** The number of grants to other rings while this one had lanes. */
  readonly passes: number;
}

/** The occupied places of a list that is stored item by item: from `head` up to, but not including, `tail`. */
export interface Places {
  readonly head: number;
  readonly tail: number;
}

export interface Lane extends Places {
  readonly id: number;
  readonly key: string;
  /** Absent if no rate limits the lane. */
  readonly rateKey?: string;
  readonly epoch: number;
  readonly priority: number;
  readonly count: number;
  /** The latest `queuedAt` of an execution that was queued in it. Absent in lanes of earlier releases. */
  readonly latest?: number;
  /** Where the lane itself waits: in its ring, for a slot of its key, for a token of its bucket, or nowhere. */
  readonly place: "ring" | "key" | "rate" | "none";
}

export interface KeyRecord extends Places {
  readonly running: number;
}

/** A token bucket as its theoretical arrival time (GCRA), in milliseconds since the Unix epoch. */
export interface Bucket extends Places {
  readonly fullAt: number;
  /** When the token is available that a request booked last. Absent if one was granted since. */
  readonly bookedAt?: number;
  /** Its place in the list of buckets. */
  readonly place?: number;
  /** When a wake-up of the bucket is scheduled. */
  readonly wakeAt?: number;
}

export interface Holder {
  readonly key: string;
  readonly since: number;
  readonly singleton?: string;
  /** Set while the slot is released because its execution is paused, or only waits. It then counts in no limit. */
  readonly released?: "paused" | "waits";
  /** Set while the execution is paused but holds its slot, because it will be resumed. */
  readonly resuming?: true;
  /** When it was resumed last, in milliseconds since the Unix epoch: it is not paused because of what was seen earlier. */
  readonly resumedAt?: number;
}

export interface Waiting {
  readonly request: WaitingRequest;
  readonly since: number;
  /** Its ring is served after those of lower epochs. */
  readonly epoch: number;
  /** What it waits for. */
  readonly stage: "debounce" | "singleton" | "batch" | "slot";
  readonly lane?: string;
  readonly laneId?: number;
  readonly number?: number;
  /** The other executions of the batch that it leads. */
  readonly members?: readonly Ticket[];
  /** The leader of the batch that it is part of. */
  readonly leader?: Ticket;
}

/** The payload is a record of its own, because it may be large, and only a batch needs it. */
export interface WaitingRequest extends Omit<SlotRequest, "payload"> {
  /** Set if the execution released its slot to wait, and continues: the number of the signal that it waits for. */
  readonly continues?: number;
  /** Set if the execution is paused and will be resumed. */
  readonly resumes?: Reclaim;
}

/** True for an execution that ran before. It is not skipped, and comes before those that start. */
export function hasStarted({ continues, resumes }: WaitingRequest): boolean {
  return continues !== undefined || resumes !== undefined;
}

/** The time that orders executions in a lane and in a batch, in milliseconds since the Unix epoch. */
export function queuedAt({ request, since }: Pick<Waiting, "request" | "since">): number {
  return request.acceptedAt ?? since;
}

export interface Debounce {
  readonly ticket: Ticket;
  readonly firstAt: number;
  readonly dueAt: number;
  readonly wakeAt: number;
}

export interface Singleton {
  readonly active: Ticket;
  /** What starts when `active`, which was cancelled, has ended. */
  readonly next?: Ticket;
}

export interface Batch {
  readonly members: readonly Ticket[];
  readonly dueAt: number;
  readonly bytes: number;
}
