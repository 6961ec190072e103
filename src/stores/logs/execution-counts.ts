import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { and, eq, gte, inArray, lt, sql } from "../sql/drizzle.ts";
import { executionCounts } from "../sql/schema.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The lengths of the slots in which ended executions are counted. */
export const countedSlots = { minuteMs, hourMs } as const;

/** How many executions ended in a slot, with which outcome, and how long they took. */
export interface ExecutionCount {
  readonly workflowId: WorkflowId;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly outcome: ExecutionOutcome;
  readonly durationClass: number;
  readonly count: number;
}

export interface CountRange {
  /** One of `countedSlots`. */
  readonly slotMs: number;
  /** Milliseconds since the Unix epoch: the start of the first slot, and the end of the last one. */
  readonly from: number;
  readonly to: number;
  /** Restricts the result to these workflows. */
  readonly workflowIds?: readonly WorkflowId[] | undefined;
}

/** Counts of ended executions by time, workflow, outcome and duration. */
export interface ExecutionCountStore {
  list(range: CountRange): readonly ExecutionCount[];
  /** Removes the slots of this length that started before a time. */
  removeBefore(slotMs: number, time: number): void;
}

export function createExecutionCountStore({ queries }: Database): ExecutionCountStore {
  return {
    list: ({ slotMs, from, to, workflowIds }) =>
      queries
        .select()
        .from(executionCounts)
        .where(
          and(
            eq(executionCounts.slotMs, slotMs),
            gte(executionCounts.at, from),
            lt(executionCounts.at, to),
            workflowIds === undefined ? undefined : inArray(executionCounts.workflowId, [...workflowIds]),
          ),
        )
        .all(),
    removeBefore: (slotMs, time) =>
      void queries
        .delete(executionCounts)
        .where(and(eq(executionCounts.slotMs, slotMs), lt(executionCounts.at, time)))
        .run(),
  };
}

/** What is counted of an execution. Times are milliseconds since the Unix epoch. */
interface CountedEnd {
  readonly workflowId: WorkflowId;
  readonly outcome: ExecutionOutcome;
  readonly startedAt: number | null;
  readonly endedAt: number;
}

/** Returns a function that counts an ended execution in its minute and its hour. */
export function countStatement({ queries }: Database): (end: CountedEnd) => void {
  const value = sql.placeholder;
  const upsert = queries
    .insert(executionCounts)
    .values({
      slotMs: value("slotMs"),
      at: value("at"),
      workflowId: value("workflowId"),
      outcome: value("outcome"),
      durationClass: value("durationClass"),
      count: 1,
    })
    .onConflictDoUpdate({
      target: [
        executionCounts.slotMs,
        executionCounts.at,
        executionCounts.workflowId,
        executionCounts.outcome,
        executionCounts.durationClass,
      ],
      set: { count: sql`${executionCounts.count} + 1` },
    })
    .prepare();
  return ({ workflowId, outcome, startedAt, endedAt }) => {
    const durationClass = startedAt === null ? unknownDuration : classOf(endedAt - startedAt);
    for (const slotMs of [minuteMs, hourMs]) {
      const at = endedAt - (endedAt % slotMs);
      upsert.run({ slotMs, at, workflowId, outcome, durationClass });
    }
  };
}

const unknownDuration = -1;

/** Classes per doubling of a duration: a percentile is exact to 5 per cent. */
const classesPerDoubling = 8;

function classOf(durationMs: number): number {
  return Math.round(classesPerDoubling * Math.log2(Math.max(0, durationMs) + 1));
}

/** A duration in the middle of a class, in milliseconds. */
function durationOf(durationClass: number): number {
  return Math.round(2 ** (durationClass / classesPerDoubling) - 1);
}

/**
 * A percentile of the durations.
 *
 * @param fraction 0.95 for the 95th percentile
 * @returns milliseconds; `undefined` if no duration is known
 */
export function percentileOf(counts: readonly ExecutionCount[], fraction: number): number | undefined {
  const known = counts
    .filter(({ durationClass }) => durationClass !== unknownDuration)
    .toSorted((one, other) => one.durationClass - other.durationClass);
  const rank = fraction * known.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { durationClass, count } of known) {
    below += count;
    if (below >= rank) return durationOf(durationClass);
  }
  return undefined;
}
