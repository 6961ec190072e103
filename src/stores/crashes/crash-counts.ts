import type { ExecutionId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { eq, lt, sql } from "../sql/drizzle.ts";

/** How often an execution or a deploy crashed its executor in a turn, consecutively. */
export interface CrashCount {
  readonly turn: number;
  /** A fraction if several executions were in a turn when their executor crashed. */
  readonly crashes: number;
}

/** The crashes of executors, which all executors count together. */
export interface CrashCountStore {
  /** Adds crashes to those in the same turn. Those in another turn are forgotten. */
  add(executionId: ExecutionId, count: CrashCount, now: number): Promise<void>;
  all(): Promise<ReadonlyMap<ExecutionId, CrashCount>>;
  remove(executionId: ExecutionId): Promise<void>;
  removeBefore(time: number): Promise<void>;
}

export function createCrashCountStore({ queries, tables: { crashCounts } }: Database): CrashCountStore {
  const { turn, crashes } = crashCounts;
  return {
    async add(executionId, count, crashedAt) {
      const isSameTurn = sql`${turn} = ${count.turn}`;
      const sum = sql`CASE WHEN ${isSameTurn} THEN ${crashes} + ${count.crashes} ELSE ${count.crashes} END`;
      await queries
        .insert(crashCounts)
        .values({ executionId, ...count, crashedAt })
        .onConflictDoUpdate({
          target: crashCounts.executionId,
          set: { turn: count.turn, crashes: sum, crashedAt },
        });
    },
    async all() {
      const counts = await queries.select().from(crashCounts);
      return new Map(counts.map(({ executionId, ...count }) => [executionId, count]));
    },
    async remove(executionId) {
      await queries.delete(crashCounts).where(eq(crashCounts.executionId, executionId));
    },
    async removeBefore(time) {
      await queries.delete(crashCounts).where(lt(crashCounts.crashedAt, time));
    },
  };
}
