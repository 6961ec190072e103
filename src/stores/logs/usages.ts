import type { ExecutionId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { asc, eq, inArray, lt, sql } from "../sql/drizzle.ts";
import { executionUsage } from "../sql/schema.ts";

/** What an execution used. `endedAt`: milliseconds since the Unix epoch. */
export type UsageRow = typeof executionUsage.$inferSelect;

/** What executions used that have ended. */
export interface UsageStore {
  /** Keeps the rows, in one transaction. Of an execution that is there already, nothing changes. */
  append(rows: readonly UsageRow[]): void;
  /** `undefined` where the execution has not ended, or nobody could say what it used. */
  get(executionId: ExecutionId): UsageRow | undefined;
  /** Removes those of these executions. */
  remove(executionIds: readonly ExecutionId[]): void;
  /** Removes those that ended before, the oldest first; `limit` at most. */
  removeBefore(time: number, limit: number): void;
}

export function createUsageStore({ queries }: Database): UsageStore {
  const insert = queries
    .insert(executionUsage)
    .values({
      executionId: sql.placeholder("executionId"),
      fuelUsed: sql.placeholder("fuelUsed"),
      endedAt: sql.placeholder("endedAt"),
    })
    .onConflictDoNothing()
    .prepare();
  return {
    append: (rows) =>
      queries.transaction(() => rows.forEach((row) => void insert.run(row)), { behavior: "immediate" }),
    get: (executionId) =>
      queries.select().from(executionUsage).where(eq(executionUsage.executionId, executionId)).get(),
    remove: (executionIds) =>
      void queries
        .delete(executionUsage)
        .where(inArray(executionUsage.executionId, [...executionIds]))
        .run(),
    removeBefore(time, limit) {
      const oldest = queries
        .select({ executionId: executionUsage.executionId })
        .from(executionUsage)
        .where(lt(executionUsage.endedAt, time))
        .orderBy(asc(executionUsage.endedAt))
        .limit(limit);
      queries.delete(executionUsage).where(inArray(executionUsage.executionId, oldest)).run();
    },
  };
}
