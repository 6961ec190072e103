import type { ExecutionId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { asc, inArray, lt } from "../sql/drizzle.ts";
import type { StoredRow } from "./log-messages.ts";

/** Where console lines and the ends of executions are stored and removed. All methods reject if the database fails. */
export interface LogSink {
  /**
   * Stores the rows, and counts the ends. A row that is stored already stays as it is and is not counted again, so a batch
   * whose outcome is unknown can be stored again.
   */
  append(rows: readonly StoredRow[]): Promise<void>;
  /** Removes the lines and the ends of these executions. */
  remove(executionIds: readonly ExecutionId[]): Promise<void>;
  /** Removes the ends of at most `limit` executions that ended before this time, oldest first. */
  removeEnds(before: number, limit: number): Promise<void>;
}

/** Executions whose lines one statement removes, so that it takes well below a second: each has up to 10,000 lines. */
const removedAtOnce = 20;

/** Ends that one statement removes. For a subquery instead of their sequences, PostgreSQL would read the whole table. */
const endsRemovedAtOnce = 1_000;

export function removals({ queries, tables }: Database): Pick<LogSink, "remove" | "removeEnds"> {
  const { executionEnds, logs } = tables;
  return {
    async remove(executionIds) {
      for (let from = 0; from < executionIds.length; from += removedAtOnce) {
        const some = executionIds.slice(from, from + removedAtOnce);
        await queries.delete(logs).where(inArray(logs.executionId, some));
      }
      await queries.delete(executionEnds).where(inArray(executionEnds.executionId, [...executionIds]));
    },
    async removeEnds(before, limit) {
      for (let left = limit; left > 0; left -= endsRemovedAtOnce) {
        const some = Math.min(left, endsRemovedAtOnce);
        const oldest = await queries
          .select({ sequence: executionEnds.sequence })
          .from(executionEnds)
          .where(lt(executionEnds.endedAt, before))
          .orderBy(asc(executionEnds.endedAt))
          .limit(some);
        const sequences = oldest.map(({ sequence }) => sequence);
        if (sequences.length > 0)
          await queries.delete(executionEnds).where(inArray(executionEnds.sequence, sequences));
        if (sequences.length < some) return;
      }
    },
  };
}
