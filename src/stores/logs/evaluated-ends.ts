import type { WorkflowId } from "../../domain/ids.ts";
import { rows } from "../sql/database.ts";
import type { Queries, Steps } from "../sql/database.ts";
import type { Tables } from "../sql/tables.ts";
import { selectOutcomeSums } from "./execution-counts.ts";
import type { CountRange, OutcomeSum } from "./execution-counts.ts";
import { selectEndsAfter, selectLatestEnds } from "./execution-ends.ts";
import type { StoredEnd } from "./execution-ends.ts";

/** What the evaluation of alert rules reads of ended executions, within its transaction. */
export interface EvaluatedEnds {
  /** The ends that were stored after this one, oldest first. */
  after(sequence: number, limit: number): Steps<readonly StoredEnd[]>;
  /** The latest executions of a workflow that completed or failed, newest first. */
  latest(
    workflowId: WorkflowId,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Steps<readonly StoredEnd[]>;
  /** The number of executions by workflow and outcome. */
  sums(range: CountRange): Steps<readonly OutcomeSum[]>;
}

export function evaluatedEnds(tx: Queries, tables: Tables): EvaluatedEnds {
  return {
    after: (sequence, limit) => rows(selectEndsAfter(tx, tables, sequence, limit)),
    latest: (workflowId, range) => rows(selectLatestEnds(tx, tables, workflowId, range)),
    sums: (range) => rows(selectOutcomeSums(tx, tables, range)),
  };
}
