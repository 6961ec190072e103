import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { Database, Queries } from "../sql/database.ts";
import { and, eq, gte, inArray, lt, sql } from "../sql/drizzle.ts";
import type { Tables } from "../sql/tables.ts";

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

export type SlotCount = Omit<ExecutionCount, "workflowId">;

export type OutcomeSum = Pick<ExecutionCount, "workflowId" | "outcome" | "count">;

export interface CountRange {
  /** One of `countedSlots`. */
  readonly slotMs: number;
  /** Milliseconds since the Unix epoch: the start of the first slot, and the end of the last one. */
  readonly from: number;
  readonly to: number;
  /** Restricts the result to these workflows. */
  readonly workflowIds?: readonly WorkflowId[] | undefined;
}

/** Counts of ended executions by time, workflow, outcome and duration. {@link LogSink} counts the ends that it stores. */
export interface ExecutionCountStore {
  /** The counts of all workflows of the range, in slots of `groupMs`, a multiple of `slotMs`. */
  slots(range: CountRange & { readonly groupMs: number }): Promise<readonly SlotCount[]>;
  /** The number of executions of each workflow by outcome. */
  sums(range: CountRange): Promise<readonly OutcomeSum[]>;
  /** Removes the counts of a workflow. */
  removeAll(workflowId: WorkflowId): Promise<void>;
  /** Removes the slots of this length that started before a time. */
  removeBefore(slotMs: number, time: number): Promise<void>;
}

export function createExecutionCountStore({ queries, tables }: Database): ExecutionCountStore {
  const { executionCounts } = tables;
  return {
    async slots({ groupMs, ...range }) {
      const at = sql<number>`${executionCounts.at} - ${executionCounts.at} % ${groupMs}`;
      const { outcome, durationClass } = executionCounts;
      return await queries
        .select({ at, outcome, durationClass, count: sql<number>`sum(${executionCounts.count})` })
        .from(executionCounts)
        .where(within(tables, range))
        .groupBy(sql`1`, outcome, durationClass);
    },
    sums: async (range) => await selectOutcomeSums(queries, tables, range),
    async removeAll(workflowId) {
      await queries.delete(executionCounts).where(eq(executionCounts.workflowId, workflowId));
    },
    async removeBefore(slotMs, time) {
      await queries
        .delete(executionCounts)
        .where(and(eq(executionCounts.slotMs, slotMs), lt(executionCounts.at, time)));
    },
  };
}

/** The number of executions of each workflow by outcome. */
export function selectOutcomeSums(
  queries: Queries,
  tables: Tables,
  range: CountRange,
): PromiseLike<OutcomeSum[]> {
  const { executionCounts } = tables;
  return queries
    .select({
      workflowId: executionCounts.workflowId,
      outcome: executionCounts.outcome,
      count: sql<number>`sum(${executionCounts.count})`,
    })
    .from(executionCounts)
    .where(within(tables, range))
    .groupBy(executionCounts.workflowId, executionCounts.outcome);
}

function within({ executionCounts }: Tables, { slotMs, from, to, workflowIds }: CountRange) {
  return and(
    eq(executionCounts.slotMs, slotMs),
    gte(executionCounts.at, from),
    lt(executionCounts.at, to),
    workflowIds === undefined ? undefined : inArray(executionCounts.workflowId, [...workflowIds]),
  );
}

/** What is counted of an execution. Times are milliseconds since the Unix epoch. */
interface CountedEnd {
  readonly workflowId: WorkflowId;
  readonly outcome: ExecutionOutcome;
  readonly startedAt: number | null;
  readonly endedAt: number;
}

/** The counts of ended executions in their minutes and hours, each once: most ends of a batch belong to the same few. */
export function countsOf(ends: readonly CountedEnd[]): readonly Tables["executionCounts"]["$inferInsert"][] {
  const slots = ends.flatMap((end) => {
    const { workflowId, outcome, endedAt } = end;
    return [minuteMs, hourMs].map((slotMs) => {
      const at = endedAt - (endedAt % slotMs);
      return { slotMs, at, workflowId, outcome, durationClass: durationClassOf(end) };
    });
  });
  const equal = Map.groupBy(slots, (slot) => Object.values(slot).join(" "));
  return [...equal.values()].flatMap((group) => {
    const [slot] = group;
    return slot === undefined ? [] : [{ ...slot, count: group.length }];
  });
}

export function durationClassOf({ startedAt, endedAt }: CountedEnd): number {
  return startedAt === null ? unknownDuration : classOf(endedAt - startedAt);
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
export function percentileOf(counts: readonly SlotCount[], fraction: number): number | undefined {
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
