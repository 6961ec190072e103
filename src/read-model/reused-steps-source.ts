import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { withoutCauses } from "../domain/outcome.ts";
import type { ReusedSteps } from "../host/reused-steps.ts";
import { anyJson } from "../journal/any-json.ts";
import { reusedStepsEntry } from "../journal/entry-names.ts";
import { executionFailureOf } from "../journal/restate-failure.ts";
import { isStartSlotSignal, signalAwaited } from "../journal/signals.ts";
import type { PostedSignal } from "../journal/signals.ts";
import { findFailedStep } from "./failed-step.ts";
import { parseEntry } from "./journal-entries.ts";
import type { JournalEntry, OperationEntry, Result } from "./journal-entries.ts";
import type { Row, RestateSql } from "./restate-sql.ts";
import { commandsOf, timelineOf, timelineQuery } from "./timeline.ts";

/**
 * The results that an execution reuses if it is a retry from the failed step. `plan` lists them, for an entry of the
 * retry's own journal; `read` fetches one from the journal of the retried execution when the retry reaches its step.
 *
 * Such a retry is identified by its `start`, which is the start of the retried execution. Restate's UI can restart an
 * execution with more of its journal; then only the entries that Restate copied are reused.
 */
export interface ReusedStepsSource {
  /** True if an execution that has the `start` of another one reuses the other one's steps. */
  applies(executionId: ExecutionId): Promise<boolean>;
  /**
   * Lists the results that the execution reuses. The retried execution has ended, so the list is always the same.
   *
   * @throws {DuraniumError} `reused-steps-unavailable`
   */
  plan(executionId: ExecutionId): Promise<ReusePlan>;
  /**
   * Lists the signals that the execution has from the retried one. They must not be sent to it again.
   *
   * @throws {DuraniumError} `reused-steps-unavailable`
   */
  signals(executionId: ExecutionId): Promise<readonly string[]>;
  /** @throws {DuraniumError} `reused-steps-unavailable` */
  read(reused: ReusePlanResult, name: string): Promise<JsonValue>;
}

/** The plan as it is journaled. */
export interface ReusePlan extends ReusedSteps<ReusePlanResult> {
  /** What flow control granted to the retried execution: its time, and its batch. */
  readonly granted?: Granted;
}

interface Granted {
  readonly now: number;
  readonly batch?: readonly JsonValue[];
}

export interface ReusePlanResult {
  /** The number of a command, or the name of a signal. */
  readonly source: number | string;
  /** The execution whose journal contains the result, and the index of the result there. */
  readonly executionId: ExecutionId;
  readonly index: number;
  /** The index of its command. A signal has no command. */
  readonly commandIndex?: number;
}

type Query = RestateSql;

export function createReusedStepsSource(restate: Query): ReusedStepsSource {
  const applies = async (executionId: ExecutionId) => {
    const [, , , afterStart] = await restate.query(
      `SELECT name FROM sys_journal
       WHERE id = '${executionId}' AND entry_type LIKE 'Command: %' ORDER BY index LIMIT 4`,
    );
    return afterStart === undefined || afterStart["name"] === reusedStepsEntry;
  };
  return {
    applies,
    plan: async (executionId) => await planFrom(restate, await readPredecessor(restate, executionId)),
    async signals(executionId) {
      const from = (await applies(executionId)) ? await readPredecessor(restate, executionId) : executionId;
      return signalsOf(await readJournal(restate, from));
    },
    read: async (reused, name) => await readResult(restate, reused, name),
  };
}

/** Reads which execution this one is a retry of. */
async function readPredecessor(restate: Query, executionId: ExecutionId): Promise<ExecutionId> {
  const [row] = await restate.query(`SELECT restarted_from FROM sys_invocation WHERE id = '${executionId}'`);
  return parseExecutionId(String(row?.["restarted_from"]));
}

/** The names of the signals that the execution received or reused, whether it waited for them or not. */
function signalsOf(entries: readonly JournalEntry[]): readonly string[] {
  const sent = entries.flatMap((entry) => (entry.kind === "signal" ? [entry.name] : []));
  return [...new Set([...reusedSignals(entries).map(({ source }) => String(source)), ...sent])];
}

async function planFrom(restate: Query, executionId: ExecutionId): Promise<ReusePlan> {
  const entries = await readJournal(restate, executionId);
  const failed = await findFailedStep(restate, executionId, timelineOf(entries));
  if (failed === undefined) return { failedCommand: -1, before: [], after: [] };
  const { arrivalIndex, step } = failed;
  const results = arrivals(executionId, entries).filter(({ commandIndex }) => commandIndex !== step.index);
  const granted = grantedTo(entries);
  return {
    ...(granted === undefined ? {} : { granted }),
    failedCommand: commandsOf(operationsOf(entries)).findIndex(({ index }) => index === step.index),
    before: [...undeliveredSignals(entries), ...results.filter((result) => result.index < arrivalIndex)],
    after: results.filter((result) => result.index > arrivalIndex),
  };
}

/** The start of a retry that reuses steps is that of the execution whose steps it reuses. */
function grantedTo(entries: readonly JournalEntry[]): Granted | undefined {
  const inherited = planIn(entries)?.granted;
  if (inherited !== undefined) return inherited;
  const grants = entries.flatMap((entry): Granted[] => {
    if (entry.kind !== "signal" || !isStartSlotSignal(entry.name)) return [];
    const posted = grantSchema.safeParse(entry.value).data;
    if (posted === undefined) return [];
    const { now, value } = posted;
    return [{ now, ...(value.batch === undefined ? {} : { batch: value.batch }) }];
  });
  return grants.length === 0 ? undefined : Object.assign({}, ...grants);
}

const grantSchema = z.object({
  now: z.number(),
  value: z.object({
    kind: z.literal("granted"),
    starts: z.literal(true),
    batch: z.array(anyJson).exactOptional(),
  }),
});

async function readJournal(restate: Query, executionId: ExecutionId): Promise<readonly JournalEntry[]> {
  const rows = await restate.query(timelineQuery(executionId));
  if (rows.length === 0)
    throw lost(`the journal of execution "${executionId}", which contains them, is deleted`);
  return rows.map((row) => parseEntry(row));
}

function operationsOf(entries: readonly JournalEntry[]): readonly OperationEntry[] {
  return entries.filter((entry) => entry.kind === "operation");
}

function arrivals(executionId: ExecutionId, entries: readonly JournalEntry[]): readonly ReusePlanResult[] {
  const commands = new Map(
    commandsOf(operationsOf(entries)).map(({ completionId, index }, number) => [
      completionId,
      { number, index },
    ]),
  );
  return entries.flatMap((entry): ReusePlanResult[] => {
    if (entry.kind === "signal") return [{ source: entry.name, executionId, index: entry.index }];
    const command = entry.kind === "result" ? commands.get(entry.completionId) : undefined;
    if (entry.kind !== "result" || command === undefined) return [];
    return [{ source: command.number, executionId, index: entry.index, commandIndex: command.index }];
  });
}

/** The signals that the execution has from an earlier one and never waited for. */
function undeliveredSignals(entries: readonly JournalEntry[]): readonly ReusePlanResult[] {
  const completed = new Set(
    entries.flatMap((entry) => (entry.kind === "result" ? [entry.completionId] : [])),
  );
  const received = new Set(
    operationsOf(entries).flatMap(({ name, completionId }) =>
      completed.has(completionId) ? [signalAwaited(name)] : [],
    ),
  );
  return reusedSignals(entries).filter(({ source }) => !received.has(String(source)));
}

function reusedSignals(entries: readonly JournalEntry[]): readonly ReusePlanResult[] {
  const plan = planIn(entries);
  return [...(plan?.before ?? []), ...(plan?.after ?? [])].filter(({ source }) => typeof source === "string");
}

function planIn(entries: readonly JournalEntry[]): ReusePlan | undefined {
  const { completionId } = operationsOf(entries).find(({ name }) => name === reusedStepsEntry) ?? {};
  const result = entries.find((entry) => entry.kind === "result" && entry.completionId === completionId);
  return result?.kind === "result" ? (result.value as ReusePlan | undefined) : undefined;
}

async function readResult(restate: Query, reused: ReusePlanResult, name: string): Promise<JsonValue> {
  const rows = await restate.query(
    `SELECT index, entry_type, name, entry_lite_json, encode(raw, 'base64') AS raw FROM sys_journal
     WHERE id = '${reused.executionId}' AND index IN (${[reused.index, reused.commandIndex ?? reused.index].join(", ")})`,
  );
  const result = rows.find(({ index }) => index === reused.index);
  const command = rows.find(({ index }) => index === reused.commandIndex);
  if (result === undefined) {
    throw lost(
      `the journal of execution "${reused.executionId}", which contains the result of "${name}", is deleted`,
    );
  }
  if (command !== undefined && command["name"] !== name) {
    throw lost(`the workflow requests "${name}" where it requested "${String(command["name"])}" before`);
  }
  return valueOf(result);
}

/** Returns the result in the form that `ReadReusedResult` requires. */
function valueOf(row: Row): JsonValue {
  const { value, failure } = resultIn(row);
  switch (row["entry_type"]) {
    case "Notification: Call":
      if (failure !== undefined)
        return { ok: false, error: { ...withoutCauses(executionFailureOf(failure)) } };
      return { ok: true, value: value ?? null };
    case "Notification: Signal":
      return { ...(value as unknown as PostedSignal), ok: true };
    default:
      return value ?? null;
  }
}

function resultIn(row: Row): Pick<Result, "value" | "failure"> {
  const entry = parseEntry(row);
  if (entry.kind === "result" || entry.kind === "signal") return entry;
  throw lost("one of the results cannot be decoded");
}

function lost(why: string): DuraniumError {
  return new DuraniumError(
    "reused-steps-unavailable",
    `Cannot reuse steps: ${why}. Retry the execution from the start`,
  );
}
