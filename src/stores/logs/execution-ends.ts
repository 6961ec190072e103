import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { Database, Queries } from "../sql/database.ts";
import { and, asc, desc, eq, gt, inArray, lte, max } from "../sql/drizzle.ts";
import type { Tables } from "../sql/tables.ts";

/** An end with its place among all ends, in the order in which they were stored. */
export type StoredEnd = Tables["executionEnds"]["$inferSelect"];

/** How an execution ended. Times are milliseconds since the Unix epoch. */
export type ExecutionEnd = Omit<StoredEnd, "sequence">;

/**
 * The ends of executions: their outcome, times, fuel, and the cause of their failure. {@link LogSink} stores them, and removes
 * them with the execution.
 */
export interface ExecutionEndStore {
  /** `undefined` if the execution has not ended, or its end is not stored yet. */
  get(executionId: ExecutionId): Promise<StoredEnd | undefined>;
  /** The subset of these executions whose ends are stored. */
  known(executionIds: readonly ExecutionId[]): Promise<ReadonlySet<ExecutionId>>;
  /** The sequence of the end that was stored last; 0 without one. */
  newest(): Promise<number>;
  /** The time of the latest end; `undefined` without one. */
  latestEnd(): Promise<number | undefined>;
  /** Removes the ends of a workflow. */
  removeAll(workflowId: WorkflowId): Promise<void>;
}

export function createExecutionEndStore({ queries, tables: { executionEnds } }: Database): ExecutionEndStore {
  return {
    async get(executionId) {
      const [end] = await queries
        .select()
        .from(executionEnds)
        .where(eq(executionEnds.executionId, executionId));
      return end;
    },
    async known(executionIds) {
      const found = await queries
        .select({ executionId: executionEnds.executionId })
        .from(executionEnds)
        .where(inArray(executionEnds.executionId, [...executionIds]));
      return new Set(found.map(({ executionId }) => executionId));
    },
    async newest() {
      const [row] = await queries.select({ sequence: max(executionEnds.sequence) }).from(executionEnds);
      return row?.sequence ?? 0;
    },
    async latestEnd() {
      const [row] = await queries.select({ endedAt: max(executionEnds.endedAt) }).from(executionEnds);
      return row?.endedAt ?? undefined;
    },
    async removeAll(workflowId) {
      await queries.delete(executionEnds).where(eq(executionEnds.workflowId, workflowId));
    },
  };
}

/** The ends that were stored after this one, oldest first. None is stored later with a smaller sequence. */
export function selectEndsAfter(
  queries: Queries,
  { executionEnds }: Tables,
  sequence: number,
  limit: number,
): PromiseLike<StoredEnd[]> {
  return queries
    .select()
    .from(executionEnds)
    .where(gt(executionEnds.sequence, sequence))
    .orderBy(asc(executionEnds.sequence))
    .limit(limit);
}

/** The latest executions of a workflow that completed or failed, newest first. */
export function selectLatestEnds(
  queries: Queries,
  { executionEnds }: Tables,
  workflowId: WorkflowId,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): PromiseLike<StoredEnd[]> {
  return queries
    .select()
    .from(executionEnds)
    .where(
      and(
        eq(executionEnds.workflowId, workflowId),
        gt(executionEnds.sequence, after),
        lte(executionEnds.sequence, upTo),
        inArray(executionEnds.outcome, ["completed", "failed"]),
      ),
    )
    .orderBy(desc(executionEnds.sequence))
    .limit(limit);
}
