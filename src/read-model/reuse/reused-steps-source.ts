import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { withoutCauses } from "../../domain/outcome.ts";
import { reusedStepsEntry } from "../../journal/entry-names.ts";
import { forkInput } from "../../journal/forks.ts";
import type { ForkInput, ReusePlan, ReusePlanResult } from "../../journal/forks.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import type { PostedSignal } from "../../journal/signals.ts";
import { findFailedStep } from "../failed-step.ts";
import { parseEntry } from "../journal-entries.ts";
import type { JournalEntry, Result } from "../journal-entries.ts";
import type { Row, RestateSql } from "../restate-sql.ts";
import { timelineOf, timelineQuery } from "../timeline.ts";
import { planIn, planReuse, signalsIn } from "./reuse-plan.ts";

/**
 * The results that an execution reuses if it is a retry from the failed step. `plan` lists them, for an entry of the
 * retry's own journal; `read` fetches one from the journal of the retried execution when the retry reaches its step.
 *
 * Such a retry is identified by its `start`, which is the start of the retried execution. Restate's UI can restart an
 * execution with more of its journal; then only the entries that Restate copied are reused.
 *
 * A fork has the start of another execution too. Its plan is in its input.
 */
export interface ReusedStepsSource {
  /** True if an execution that has the `start` of another one reuses the other one's steps. */
  applies(executionId: ExecutionId): Promise<boolean>;
  /**
   * Lists the results that the execution reuses. The retried execution has ended, so the list is always the same.
   *
   * @param fork the input of a fork, which a retry of the fork has too
   * @throws {DuraniumError} `reused-steps-unavailable`
   */
  plan(executionId: ExecutionId, fork?: ForkInput): Promise<ReusePlan>;
  /**
   * Lists the signals that the execution has from the retried one. They must not be sent to it again.
   *
   * @throws {DuraniumError} `reused-steps-unavailable`
   */
  signals(executionId: ExecutionId): Promise<readonly string[]>;
  /** @throws {DuraniumError} `reused-steps-unavailable` */
  read(reused: ReusePlanResult, name: string): Promise<JsonValue>;
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
    async plan(executionId, fork) {
      const retried = await readRetried(restate, executionId);
      if (retried !== undefined) return await planFrom(restate, retried);
      if (fork !== undefined) return fork.plan;
      throw lost(`execution "${executionId}" is not a retry`);
    },
    async signals(executionId) {
      const retried = (await applies(executionId)) ? await readRetried(restate, executionId) : undefined;
      if (retried !== undefined) return signalsOf(await readJournal(restate, retried));
      // The plan of a fork is in its input, so it is known before the fork has journaled it.
      return signalsIn(forkIn(await readJournal(restate, executionId))?.plan);
    },
    read: async (reused, name) => await readResult(restate, reused, name),
  };
}

/** Reads which execution this one is a retry of. A fork is none. */
async function readRetried(restate: Query, executionId: ExecutionId): Promise<ExecutionId | undefined> {
  const [row] = await restate.query(`SELECT restarted_from FROM sys_invocation WHERE id = '${executionId}'`);
  const retried = row?.["restarted_from"];
  return typeof retried === "string" ? parseExecutionId(retried) : undefined;
}

/** The names of the signals that the execution received or reused, whether it waited for them or not. */
function signalsOf(entries: readonly JournalEntry[]): readonly string[] {
  const sent = entries.flatMap((entry) => (entry.kind === "signal" ? [entry.name] : []));
  return [...new Set([...signalsIn(planIn(entries)), ...sent])];
}

function forkIn(entries: readonly JournalEntry[]): ForkInput | undefined {
  const input = entries.find((entry) => entry.kind === "input");
  return inputWithFork.safeParse(input?.payload).data?.fork;
}

const inputWithFork = z.object({ fork: forkInput });

async function planFrom(restate: Query, executionId: ExecutionId): Promise<ReusePlan> {
  const entries = await readJournal(restate, executionId);
  const failed = await findFailedStep(restate, executionId, timelineOf(entries));
  if (failed === undefined) return { failedCommand: -1, before: [], after: [] };
  return planReuse(executionId, entries, { repeatedStep: failed.step.index });
}

async function readJournal(restate: Query, executionId: ExecutionId): Promise<readonly JournalEntry[]> {
  const rows = await restate.query(timelineQuery(executionId));
  if (rows.length === 0)
    throw lost(`the journal of execution "${executionId}", which contains them, is deleted`);
  return rows.map((row) => parseEntry(row));
}

async function readResult(restate: Query, reused: ReusePlanResult, name: string): Promise<JsonValue> {
  if (reused.value !== undefined) return reused.value;
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
