import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { ofExecute } from "./execution-records.ts";
import { readStarts } from "./execution-starts.ts";
import type { Row, RestateSql } from "./restate-sql.ts";

/** An execution that is under way, and so can be sent something. */
export interface Recipient {
  readonly executionId: ExecutionId;
  /** It was retried from its failed step, and keeps what the one before it was sent. */
  readonly keepsSteps: boolean;
}

type Query = RestateSql;

/**
 * Restate drops without a word what is sent to an invocation that has ended, or is to begin later.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-ended`, `execution-not-begun`
 */
export async function requireRecipient(restate: Query, executionId: ExecutionId): Promise<Recipient> {
  return await recipientOf(restate, requireLive(executionId, await readRow(restate, executionId)));
}

/**
 * Where what is posted to a callback of this execution goes: to the execution itself or, where it has ended and
 * was retried from its failed step, to the newest of those that go on with its steps, and wait for the same callback.
 *
 * @throws as `requireRecipient`
 */
export async function requireCallbackRecipient(restate: Query, executionId: ExecutionId): Promise<Recipient> {
  const row = await readRow(restate, executionId);
  const heir = row?.["status"] === "completed" ? await findHeir(restate, executionId, row) : undefined;
  return heir ?? (await recipientOf(restate, requireLive(executionId, row)));
}

const columns = "id, target_service_key, status, restarted_from, created_at";

async function readRow(restate: Query, executionId: ExecutionId): Promise<Row | undefined> {
  const [row] = await restate.query(
    `SELECT ${columns} FROM sys_invocation WHERE id = '${executionId}' AND ${ofExecute}`,
  );
  return row;
}

function requireLive(executionId: ExecutionId, row: Row | undefined): Row {
  if (row === undefined)
    throw new DuraniumError("execution-not-found", `There is no execution "${executionId}"`);
  if (row["status"] === "scheduled") {
    throw new DuraniumError(
      "execution-not-begun",
      `Execution "${executionId}" takes nothing yet: it begins later`,
    );
  }
  if (row["status"] !== "completed") return row;
  throw new DuraniumError(
    "execution-ended",
    `Execution "${executionId}" takes nothing any more: it has ended`,
  );
}

async function recipientOf(restate: Query, row: Row): Promise<Recipient> {
  const executionId = String(row["id"]) as ExecutionId;
  if (typeof row["restarted_from"] !== "string") return { executionId, keepsSteps: false };
  const start = (await readStarts(restate, [executionId])).get(executionId);
  return { executionId, keepsSteps: start !== undefined && start.executionId !== executionId };
}

/** Retries of retries are looked up a generation at a time. */
async function findHeir(
  restate: Query,
  executionId: ExecutionId,
  { target_service_key: workflowId }: Row,
): Promise<Recipient | undefined> {
  const live: Row[] = [];
  let generation = [String(executionId)];
  while (generation.length > 0) {
    const ids = generation.map((id) => `'${id}'`).join(", ");
    const retries = await restate.query(
      `SELECT ${columns} FROM sys_invocation
       WHERE ${ofExecute} AND target_service_key = '${workflowId}' AND restarted_from IN (${ids})`,
    );
    live.push(...retries.filter(({ status }) => status !== "completed"));
    generation = retries.map(({ id }) => String(id));
  }
  return await newestOf(restate, executionId, live);
}

/** A retry from the start waits for callbacks of its own. */
async function newestOf(
  restate: Query,
  executionId: ExecutionId,
  live: readonly Row[],
): Promise<Recipient | undefined> {
  const ids = live
    .toSorted((one, other) => String(other["created_at"]).localeCompare(String(one["created_at"])))
    .map(({ id }) => String(id) as ExecutionId);
  const starts = await readStarts(restate, ids);
  const heir = ids.find((id) => starts.get(id)?.executionId === executionId);
  return heir === undefined ? undefined : { executionId: heir, keepsSteps: true };
}
