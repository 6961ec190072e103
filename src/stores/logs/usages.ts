import type { ExecutionId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { asc, eq, inArray, lt, sql } from "../sql/drizzle.ts";
import { executionUsage } from "../sql/schema.ts";

/** The usage of an execution. `endedAt`: milliseconds since the Unix epoch. */
export type UsageRow = typeof executionUsage.$inferSelect;

/** The usage of ended executions. */
export interface UsageStore {
  /** Stores the rows in one transaction. An existing row of the same execution is unchanged. */
  append(rows: readonly UsageRow[]): void;
  /** `undefined` if the execution has not ended, or its usage is unknown. */
  get(executionId: ExecutionId): UsageRow | undefined;
  /** Removes the usage of these executions. */
  remove(executionIds: readonly ExecutionId[]): void;
  /** Removes the usage of at most `limit` executions that ended before this time, oldest first. */
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
