import type { JsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { movedKey } from "../../journal/object-inputs.ts";
import { decodeInputText } from "../entry-encoding.ts";
import { executionCondition } from "../execution-condition.ts";
import { readExecutionStatus } from "../execution-records.ts";
import type { RestateSql } from "../restate-sql.ts";

/** Executions that are scheduled for a later time, as `objects/reschedule-execution.ts` replaces them. */

/** What is needed to schedule the execution again. */
export interface ScheduledExecution {
  readonly workflowId: WorkflowId;
  /** The key that its ID follows from. An execution that a workflow sent has none. */
  readonly idempotencyKey?: string;
  readonly input: JsonText;
  readonly headers: Readonly<Record<string, string>>;
}

/** An execution that is about to start cannot be replaced: it might run twice, or be cancelled while it runs. */
const isMovable = "status = 'scheduled' AND scheduled_start_at > now() + INTERVAL '1 second'";

/** @throws {DuraniumError} `execution-not-found`, `execution-started` */
export async function readScheduled(restate: RestateSql, id: ExecutionId): Promise<ScheduledExecution> {
  const [row] = await restate.query(
    `SELECT target_service_key, idempotency_key, scheduled_at, scheduled_start_at FROM sys_invocation
     WHERE id = '${id}' AND ${executionCondition} AND ${isMovable}`,
  );
  if (row === undefined) {
    await readExecutionStatus(restate, id);
    throw hasStarted(id);
  }
  const [entry] = await restate.query(
    `SELECT encode(raw, 'base64') AS raw FROM sys_journal WHERE id = '${id}' AND index = 0`,
  );
  const { text, headers } = decodeInputText(Buffer.from(String(entry?.["raw"] ?? ""), "base64"));
  const { idempotency_key: key } = row;
  return {
    workflowId: String(row["target_service_key"]) as WorkflowId,
    ...(typeof key === "string" ? { idempotencyKey: key } : {}),
    input: text as JsonText,
    headers: Object.fromEntries(
      headers.filter(({ name }) => name.startsWith("duranium-")).map(({ name, value }) => [name, value]),
    ),
  };
}

/** True if the execution can still be replaced. */
export async function canMove(restate: RestateSql, id: ExecutionId): Promise<boolean> {
  const rows = await restate.query(
    `SELECT id, scheduled_at, scheduled_start_at FROM sys_invocation WHERE id = '${id}' AND ${isMovable}`,
  );
  return rows.length > 0;
}

function hasStarted(executionId: ExecutionId): DuraniumError {
  return new DuraniumError(
    "execution-started",
    `Cannot change the time of execution "${executionId}": it has started or starts within a second`,
  );
}

/** The execution that replaced this one under another ID, if there is one. */
export async function findMoved(restate: RestateSql, from: ExecutionId): Promise<ExecutionId | undefined> {
  const [row] = await restate.query(
    `SELECT id FROM sys_invocation WHERE ${executionCondition} AND idempotency_key = '${movedKey(from)}'`,
  );
  return row === undefined ? undefined : (String(row["id"]) as ExecutionId);
}
