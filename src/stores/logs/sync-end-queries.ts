import type { WorkflowId } from "../../domain/ids.ts";
import type { Queries } from "../sql/database.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { selectOutcomeSums } from "./execution-counts.ts";
import type { CountRange, OutcomeSum } from "./execution-counts.ts";
import { selectEndsAfter, selectLatestEnds } from "./execution-ends.ts";
import type { StoredEnd } from "./execution-ends.ts";

/** What the evaluation of alerts reads in a synchronous transaction. */
export interface SyncEndQueries {
  after(sequence: number, limit: number): readonly StoredEnd[];
  latest(
    workflowId: WorkflowId,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): readonly StoredEnd[];
  sums(range: CountRange): readonly OutcomeSum[];
}

export function createSyncEndQueries({ sync, tables }: SqliteDatabase): SyncEndQueries {
  const queries = sync as unknown as Queries;
  return {
    after: (sequence, limit) => allOf(selectEndsAfter(queries, tables, sequence, limit)),
    latest: (workflowId, range) => allOf(selectLatestEnds(queries, tables, workflowId, range)),
    sums: (range) => allOf(selectOutcomeSums(queries, tables, range)),
  };
}

function allOf<T>(query: PromiseLike<T>): T {
  return (query as unknown as { all(): T }).all();
}
