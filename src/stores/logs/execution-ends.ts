import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { and, asc, desc, eq, gt, inArray, lt, lte, max, sql } from "../sql/drizzle.ts";
import { executionEnds } from "../sql/schema.ts";
import { countStatement } from "./execution-counts.ts";

/** How an execution ended. Times are milliseconds since the Unix epoch. */
export type ExecutionEnd = Omit<typeof executionEnds.$inferSelect, "sequence">;

/** An end with its place among all ends, in the order in which they were stored. */
export type StoredEnd = typeof executionEnds.$inferSelect;

/** The ends of executions: their outcome, times, fuel, and the cause of their failure. */
export interface ExecutionEndStore {
  /** Stores the rows and counts them, in one transaction. An existing row of the same execution is unchanged. */
  append(rows: readonly ExecutionEnd[]): void;
  /** `undefined` if the execution has not ended, or its end is not stored yet. */
  get(executionId: ExecutionId): StoredEnd | undefined;
  /** The subset of these executions whose ends are stored. */
  known(executionIds: readonly ExecutionId[]): ReadonlySet<ExecutionId>;
  /** The ends that were stored after this one, oldest first. */
  after(sequence: number, limit: number): readonly StoredEnd[];
  /** The sequence of the end that was stored last; 0 without one. */
  newest(): number;
  /** The time of the latest end; `undefined` without one. */
  latestEnd(): number | undefined;
  /** The latest executions of a workflow that completed or failed, newest first. */
  latest(
    workflowId: WorkflowId,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): readonly StoredEnd[];
  /** Removes the ends of these executions. */
  remove(executionIds: readonly ExecutionId[]): void;
  /** Removes the ends of a workflow. */
  removeAll(workflowId: WorkflowId): void;
  /** Removes the ends of at most `limit` executions that ended before this time, oldest first. */
  removeBefore(time: number, limit: number): void;
}

export function createExecutionEndStore(database: SqliteDatabase): ExecutionEndStore {
  const { sync: queries } = database;
  const insert = insertStatement(database);
  const count = countStatement(database);
  return {
    append: (rows) =>
      queries.transaction(
        () => {
          count(rows.filter((row) => insert.run(row).changes > 0));
        },
        { behavior: "immediate" },
      ),
    get: (executionId) =>
      queries.select().from(executionEnds).where(eq(executionEnds.executionId, executionId)).get(),
    known: (executionIds) => {
      const rows = queries
        .select({ executionId: executionEnds.executionId })
        .from(executionEnds)
        .where(inArray(executionEnds.executionId, [...executionIds]))
        .all();
      return new Set(rows.map(({ executionId }) => executionId));
    },
    after: (sequence, limit) =>
      queries
        .select()
        .from(executionEnds)
        .where(gt(executionEnds.sequence, sequence))
        .orderBy(asc(executionEnds.sequence))
        .limit(limit)
        .all(),
    newest: () =>
      queries
        .select({ sequence: max(executionEnds.sequence) })
        .from(executionEnds)
        .get()?.sequence ?? 0,
    latestEnd: () =>
      queries
        .select({ endedAt: max(executionEnds.endedAt) })
        .from(executionEnds)
        .get()?.endedAt ?? undefined,
    latest: (workflowId, { after, upTo, limit }) =>
      queries
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
        .limit(limit)
        .all(),
    ...removals(database),
  };
}

function insertStatement({ sync: queries }: SqliteDatabase) {
  const value = sql.placeholder;
  return queries
    .insert(executionEnds)
    .values({
      executionId: value("executionId"),
      workflowId: value("workflowId"),
      version: value("version"),
      entryPoint: value("entryPoint"),
      outcome: value("outcome"),
      startedAt: value("startedAt"),
      endedAt: value("endedAt"),
      fuelUsed: value("fuelUsed"),
      failureId: value("failureId"),
      code: value("code"),
      name: value("name"),
      message: value("message"),
      file: value("file"),
      line: value("line"),
    })
    .onConflictDoNothing()
    .prepare();
}

function removals({
  sync: queries,
}: SqliteDatabase): Pick<ExecutionEndStore, "remove" | "removeAll" | "removeBefore"> {
  return {
    removeAll: (workflowId) =>
      void queries.delete(executionEnds).where(eq(executionEnds.workflowId, workflowId)).run(),
    remove: (executionIds) =>
      void queries
        .delete(executionEnds)
        .where(inArray(executionEnds.executionId, [...executionIds]))
        .run(),
    removeBefore(time, limit) {
      const oldest = queries
        .select({ executionId: executionEnds.executionId })
        .from(executionEnds)
        .where(lt(executionEnds.endedAt, time))
        .orderBy(asc(executionEnds.endedAt))
        .limit(limit);
      queries.delete(executionEnds).where(inArray(executionEnds.executionId, oldest)).run();
    },
  };
}
