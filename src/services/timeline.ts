import { z } from "zod";
import type { Step } from "../domain/execution.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { JsonValue } from "../domain/json.ts";
import { signalAwaited } from "../host/operations/wait.ts";
import type { Failure } from "../domain/outcome.ts";
import { parseEntry } from "./journal-entries.ts";
import type { JournalEntry, JournalOutput, OperationEntry, Result } from "./journal-entries.ts";
import type { Row } from "./restate-client.ts";
import type { ExecutionStart } from "./workflow-object.ts";

/**
 * Restate's journal of an execution as what its reader wants to know. An operation without a result is still
 * outstanding.
 */
export interface Timeline {
  readonly input?: JsonValue;
  readonly entryPoint?: string;
  readonly start?: ExecutionStart;
  readonly steps: readonly Step[];
  /** The step whose result arrived last. */
  readonly lastSettled?: Step;
  readonly output?: JournalOutput;
}

/** Larger results are left out of a timeline: `entry_json` holds every byte as a number. */
const maxShownEntryBytes = 64 * 1024;

/** The columns that `readTimeline` needs, of the journal of one execution. */
export function timelineQuery(executionId: string): string {
  const whole = `raw_length <= ${maxShownEntryBytes} OR entry_type IN ('Command: Input', 'Command: Output')`;
  return `SELECT index, entry_type, name, appended_at, entry_lite_json,
      CASE WHEN ${whole} THEN entry_json END AS entry_json
    FROM sys_journal WHERE id = '${executionId}' ORDER BY index`;
}

/** The first results of several executions, in their order: of each, the `start` comes before any other. */
export function startsQuery(executionIds: readonly string[]): string {
  const ids = executionIds.map((id) => `'${id}'`).join(", ");
  return `SELECT id, entry_json FROM sys_journal
    WHERE id IN (${ids}) AND index <= 5 AND entry_type = 'Notification: Run' ORDER BY index`;
}

export function readTimeline(rows: readonly Row[]): Timeline {
  const entries = rows.map((row) => parseEntry(row));
  const results = new Map(
    entries.flatMap((entry) => (entry.kind === "result" ? [[entry.completionId, entry]] : [])),
  );
  const signals = signalsOf(entries);
  const timeline: Mutable<Timeline> & { steps: Step[] } = { steps: [] };
  for (const entry of entries) {
    if (entry.kind === "input") Object.assign(timeline, readInput(entry.payload));
    if (entry.kind === "output") timeline.output = entry.output;
    if (entry.kind !== "operation") continue;
    const result = results.get(entry.completionId) ?? signals.get(entry);
    // The clock alone is no step that anybody asked for.
    if (entry.name === "clock") continue;
    if (entry.name === "start") Object.assign(timeline, startOf(result?.value));
    else timeline.steps.push(stepOf(entry, result));
  }
  return { ...timeline, ...lastSettledOf(timeline.steps, entries) };
}

/**
 * What each wait for a signal got. A signal is no completion of a command; of several waits for one, the last
 * got it, and those before were given up.
 */
function signalsOf(entries: readonly JournalEntry[]): ReadonlyMap<JournalEntry, Result> {
  const arrived = new Map(entries.flatMap((entry) => (entry.kind === "signal" ? [[entry.name, entry]] : [])));
  const waits = new Map<string, OperationEntry>();
  const results = new Map<JournalEntry, Result>();
  for (const entry of entries) {
    const signal = entry.kind === "operation" ? signalAwaited(entry.name) : undefined;
    if (entry.kind !== "operation" || signal === undefined) continue;
    const before = waits.get(signal);
    if (before !== undefined) results.set(before, { ...givenUp, at: entry.at });
    waits.set(signal, entry);
    const result = arrived.get(signal);
    if (result !== undefined) results.set(entry, result);
  }
  return results;
}

const givenUp = {
  value: { ok: false, error: { name: "AbortError", message: "Nobody waited any more" } },
  failure: undefined,
};

/** The `start` that a row of `startsQuery` holds. */
export function readStart(row: Row): ExecutionStart | undefined {
  const entry = parseEntry({ ...row, entry_type: "Notification: Run", index: 0 });
  return entry.kind === "result" ? startOf(entry.value).start : undefined;
}

/** Ours, which the workflow did not ask for. */
const ownSteps: ReadonlySet<string> = new Set(["grace", "cancellation grace"]);

function lastSettledOf(
  steps: readonly Step[],
  entries: readonly JournalEntry[],
): Pick<Timeline, "lastSettled"> {
  const indexes = new Map(
    entries.flatMap((entry) => (entry.kind === "operation" ? [[entry.completionId, entry.index]] : [])),
  );
  const asked = new Map(steps.flatMap((step) => (ownSteps.has(step.name) ? [] : [[step.index, step]])));
  for (const entry of entries.toReversed()) {
    const index = entry.kind === "result" ? indexes.get(entry.completionId) : undefined;
    const step = index === undefined ? undefined : asked.get(index);
    if (step !== undefined) return { lastSettled: step };
  }
  return {};
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const startSchema = z.object({
  version: z.number(),
  entryPoint: z.string().nullable(),
  executionId: z.string().transform(parseExecutionId),
  seed: z.string(),
  now: z.number(),
  callbackUrl: z.string(),
});
const executeInputSchema = z.object({ entryPoint: z.string().optional(), payload: z.json().optional() });
const outcomeSchema = z.looseObject({
  ok: z.boolean(),
  attempts: z.int().optional(),
  error: z.object({ name: z.string(), message: z.string(), code: z.string().optional() }).optional(),
});

function readInput(payload: JsonValue | undefined): Pick<Timeline, "input" | "entryPoint"> {
  const input = executeInputSchema.safeParse(payload).data;
  return {
    input: input?.payload ?? null,
    ...(input?.entryPoint === undefined ? {} : { entryPoint: input.entryPoint }),
  };
}

function startOf(value: JsonValue | undefined): Pick<Timeline, "start"> {
  const start = startSchema.safeParse(value).data;
  return start === undefined ? {} : { start };
}

function stepOf(entry: OperationEntry, result: Result | undefined): Step {
  return {
    index: entry.index,
    operation: entry.name.split(" ", 1)[0] ?? entry.name,
    name: entry.name,
    ...(entry.at === undefined ? {} : { startedAt: entry.at }),
    ...(result?.at === undefined ? {} : { endedAt: result.at }),
    ...(result === undefined ? { outcome: "pending" } : outcomeOf(entry, result)),
  };
}

/** An operation that failed is journaled as `{ok: false, error}`; its clock reading is no part of its result. */
function outcomeOf(
  { isCall }: OperationEntry,
  { value, failure }: Result,
): Pick<Step, "outcome" | "attempts" | "result" | "error"> {
  if (failure !== undefined) return { outcome: "failed", error: { name: "Error", message: failure.message } };
  // What another handler returned is its own, whatever it looks like.
  const outcome = isCall ? undefined : outcomeSchema.safeParse(value).data;
  if (outcome === undefined)
    return { outcome: "succeeded", ...(value === undefined ? {} : { result: value }) };
  const { ok, now: _now, attempts, ...shown } = outcome;
  const tried = attempts === undefined ? {} : { attempts };
  if (!ok && outcome.error !== undefined)
    return { outcome: "failed", ...tried, error: outcome.error as Failure };
  return { outcome: "succeeded", ...tried, result: shown as JsonValue };
}
