import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { executionCondition } from "./execution-condition.ts";
import type { RestateSql } from "./restate-sql.ts";

/**
 * For a moment after Restate has started, its introspection lacks the rows of some partitions, and reports no error. So nothing
 * follows from the absence of an execution in the answer to a query, until the leader of its partition has confirmed it.
 */

/** Whether Restate has an execution that a query did not find. */
export async function isHidden(restate: RestateSql, id: ExecutionId): Promise<boolean> {
  return (await restate.has?.(id)) ?? false;
}

/** The error for an execution that a query did not find: it does not exist, or Restate does not show it yet. */
export async function notFound(restate: RestateSql, id: ExecutionId): Promise<DuraniumError> {
  const error = new DuraniumError("execution-not-found", `Execution "${id}" not found`);
  if (!(await isHidden(restate, id))) return error;
  // An invocation of another object is no execution. The execution itself may be shown again meanwhile.
  const others = await restate.query(
    `SELECT id FROM sys_invocation WHERE id = '${id}' AND NOT (${executionCondition})`,
  );
  if (others.length > 0) return error;
  return new DuraniumError(
    "restate-unavailable",
    `Cannot read execution "${id}": Restate has started and does not show all executions yet`,
  );
}
