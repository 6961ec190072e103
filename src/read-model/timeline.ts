import { z } from "zod";
import type { Step } from "../api/contract/execution.ts";
import type { JsonValue } from "../base/json.ts";
import type { ScheduledRun } from "../domain/automation/schedule.ts";
import type { Caller } from "../domain/execution.ts";
import { maxStepBytes } from "../domain/limits.ts";
import { decompressBytes } from "../journal/compressed-bytes.ts";
import {
  cancellationGracePeriodEntry,
  cancelledEntry,
  gracePeriodEntry,
  isSlotEntry,
  reusedStepsEntry,
  versionEntry,
  startEntry,
  tagsSetBy,
} from "../journal/entry-names.ts";
import { showExecuteInput } from "../journal/execute-input.ts";
import { parseStart } from "../journal/execution-start.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import { compressedBytes, encodeBody } from "../journal/journaled-body.ts";
import type { CompressedBytes } from "../journal/journaled-body.ts";
import { executionFailureOf } from "../journal/restate-failure.ts";
import { signalAwaited } from "../journal/signals.ts";
import {
  minShownBytes,
  abandonedWaitValue,
  isStep,
  maxShownBytes,
  maxShownBytesTotal,
  operationOf,
  plainOutcome,
  stepOutcome,
} from "../journal/steps.ts";
import type { StepOutcome } from "../journal/steps.ts";
import { parseEntry } from "./journal-entries.ts";
import type {
  InputEntry,
  JournalEntry,
  JournalOutput,
  OperationEntry,
  Result,
  ResultEntry,
} from "./journal-entries.ts";
import { statusIn } from "./response-status.ts";
import type { Row } from "./restate-sql.ts";
import { findQueuedFetches } from "./waiting-for.ts";
import type { IssuedCommands } from "./waiting-for.ts";

/**
 * Builds the timeline of an execution from its journal in Restate.
 *
 * `timelineQuery` selects the entries, `parseEntry` parses each row, and `timelineOf` joins commands with their results to
 * steps. It is the only place that knows which entries are steps of the workflow and which are Duranium's own.
 *
 * Invariants:
 *
 * 1. Each command of the workflow is one step, in the order of the commands. A step without a result is pending.
 * 2. A result that is larger than `maxShownBytes`, or that exceeds `maxShownBytesTotal` in sum, is omitted and only its
 *    size is shown. Results of up to `minShownBytes` are always shown.
 * 3. Building a timeline has no effect and depends only on the rows, so it is safe for a running execution.
 *
 * Deliberately not here: response statuses of omitted results (`response-status.ts`), and what an execution waits for
 * (`waiting-for.ts`).
 */
export interface Timeline {
  readonly input?: JsonValue;
  readonly caller?: Caller;
  /** The tags that the caller gave it, if any. */
  readonly tags?: readonly string[];
  /** The tags that the workflow set, if any. One may be among those of the caller. */
  readonly ownTags?: readonly string[];
  readonly schedule?: ScheduledRun;
  readonly entryPoint?: string;
  readonly start?: ExecutionStart;
  readonly steps: readonly Step[];
  /** The index of the command `start` in the journal. */
  readonly startIndex?: number;
  /** The steps of the workflow that have a result, in the order in which the results arrived. */
  readonly settled: readonly Settled[];
  /** The index of each result in the journal, by the index of its step. */
  readonly resultIndexes: ReadonlyMap<number, number>;
  /** All commands, and which of them have no result. */
  readonly asked: IssuedCommands;
  readonly output?: JournalOutput;
}

export interface Settled {
  readonly step: Step;
  /** The index of the result in the journal, or of the command if the result was there before. */
  readonly arrivalIndex: number;
}

/** Selects the journal of one execution, with the columns that `readTimeline` needs. */
export function timelineQuery(executionId: string): string {
  const sum = `sum(CASE WHEN raw_length <= ${maxShownBytes} THEN raw_length ELSE 0 END) OVER (ORDER BY index)`;
  const fits = `raw_length <= ${minShownBytes} OR raw_length <= ${maxShownBytes} AND ${sum} <= ${maxShownBytesTotal}`;
  const shown = `entry_type LIKE 'Notification: %' AND (${fits})`;
  return `SELECT index, entry_type, name, appended_at, raw_length, entry_lite_json,
      CASE WHEN ${shown} OR entry_type IN ('Command: Input', 'Command: Output')
        THEN encode(raw, 'base64') END AS raw
    FROM sys_journal WHERE id = '${executionId}' ORDER BY index`;
}

/** @param wholeAt the index of a result to show in full, up to `maxStepBytes` */
export function readTimeline(rows: readonly Row[], wholeAt?: number): Timeline {
  return timelineOf(
    rows.map((row) => parseEntry(row)),
    wholeAt,
  );
}

export function timelineOf(entries: readonly JournalEntry[], wholeAt?: number): Timeline {
  const results = new Map(
    entries.flatMap((entry) =>
      entry.kind === "result"
        ? [[entry.completionId, entry.index === wholeAt ? whole(entry) : shown(entry)]]
        : [],
    ),
  );
  const signals = signalsOf(entries);
  const resultOf = (entry: OperationEntry) => results.get(entry.completionId) ?? signals.get(entry);
  const operations = entries.filter((entry) => entry.kind === "operation");
  const started = operations.find(({ name }) => name === startEntry);
  const { start } = startOf(started === undefined ? undefined : resultOf(started)?.value);
  const queued = findQueuedFetches(entries, start?.hostLimits);
  const asked: IssuedCommands = { operations, queued, isOpen: (entry) => resultOf(entry) === undefined };
  const isReused = findReused(operations, resultOf);
  const settled: Settled[] = [];
  let hasReturned = false;
  const resultIndexes = new Map<number, number>();
  const timeline: Mutable<Timeline> & { steps: Step[] } = { steps: [], resultIndexes, asked, settled };
  for (const entry of entries) {
    if (entry.kind === "input") Object.assign(timeline, readInput(entry));
    if (entry.kind === "output") timeline.output = entry.output;
    if (entry.kind !== "operation") continue;
    const result = resultOf(entry);
    if (!isStep(entry.name) || setupEntries.has(entry.name)) continue;
    if (entry.name === startEntry) {
      Object.assign(timeline, { startIndex: entry.index }, start === undefined ? {} : { start });
      continue;
    }
    const waitsForHost = queued.get(entry)?.text;
    const step = {
      ...stepOf(entry, result),
      ...(isReused(entry) ? { reused: true as const } : {}),
      ...(waitsForHost === undefined || result !== undefined ? {} : { waitsForHost }),
    };
    timeline.steps.push(step);
    const set = entry.isCall ? [] : tagsSetBy(entry.name);
    if (set.length > 0) timeline.ownTags = [...(timeline.ownTags ?? []), ...set];
    if (result !== undefined) resultIndexes.set(entry.index, result.index);
    // The workflow has returned or was cancelled by the time the driver starts a grace period.
    hasReturned ||= driverSteps.has(entry.name);
    if (hasReturned || result === undefined || result.value === abandonedWait.value) continue;
    // A signal may have arrived before the workflow waits for it.
    settled.push({ step, arrivalIndex: Math.max(entry.index, result.index) });
  }
  settled.sort((one, other) => one.arrivalIndex - other.arrivalIndex);
  return timeline;
}

/** Only results of effects are compressed. A called execution may return a value that looks compressed and is not. */
export function compressedIn({ isOfRun, value }: ResultEntry): CompressedBytes | undefined {
  const isOutcome = typeof value === "object" && value !== null && "ok" in value && "compressed" in value;
  return isOfRun && isOutcome ? compressedBytes.safeParse(value["compressed"]).data : undefined;
}

/** Omits a compressed body, because it is too large for a timeline. */
function shown(result: ResultEntry): ResultEntry {
  const compressed = compressedIn(result);
  if (compressed === undefined) return result;
  return { ...result, value: undefined, bytes: compressed.bytes, ...statusOf(result.value) };
}

function whole(result: ResultEntry): ResultEntry {
  const compressed = compressedIn(result);
  if (compressed === undefined) return result;
  if (compressed.bytes > maxStepBytes) return shown(result);
  const { compressed: _compressed, ...outcome } = result.value as Readonly<Record<string, JsonValue>>;
  return { ...result, value: { ...outcome, ...encodeBody(decompressBytes(compressed)) } };
}

/**
 * Returns a predicate for the commands whose results were reused from another execution. Commands issued after the formerly
 * failed step succeeded are never reused.
 */
function findReused(
  operations: readonly OperationEntry[],
  resultOf: (entry: OperationEntry) => Result | undefined,
): (entry: OperationEntry) => boolean {
  const plan = operations.find(({ name }) => name === reusedStepsEntry);
  const reused = reusePlanSchema.safeParse(plan === undefined ? undefined : resultOf(plan)?.value).data;
  if (reused === undefined) return () => false;
  const keys = new Set([...reused.before, ...reused.after].map(({ source }) => source));
  const commands = commandsOf(operations);
  const numbers = new Map(commands.map((entry, number) => [entry, number]));
  const failed = commands[reused.failedCommand];
  const recovered = failed === undefined ? undefined : resultOf(failed);
  return (entry) =>
    resultOf(entry) !== undefined &&
    entry.index < (recovered?.index ?? Infinity) &&
    (keys.has(numbers.get(entry) ?? -1) || keys.has(signalAwaited(entry.name) ?? ""));
}

/** The commands of the driver. The number of a command is its position in this list. */
export function commandsOf(operations: readonly OperationEntry[]): readonly OperationEntry[] {
  return operations.filter(
    ({ name }) => name !== startEntry && !setupEntries.has(name) && !isSlotEntry(name),
  );
}

/** Entries beside `start` that the handler makes before the driver begins. */
export const setupEntries: ReadonlySet<string> = new Set([versionEntry, reusedStepsEntry]);

const reusedResults = z.array(z.object({ source: z.union([z.string(), z.number()]) }));
const reusePlanSchema = z.object({ failedCommand: z.number(), before: reusedResults, after: reusedResults });

/**
 * Returns the result of each wait for a signal. A signal has no completion id, so it is found by its name. Of several waits
 * for one signal, the last one receives it, and the earlier ones were abandoned.
 */
function signalsOf(entries: readonly JournalEntry[]): ReadonlyMap<JournalEntry, Result> {
  const arrived = new Map(entries.flatMap((entry) => (entry.kind === "signal" ? [[entry.name, entry]] : [])));
  const waits = new Map<string, OperationEntry>();
  const results = new Map<JournalEntry, Result>();
  for (const entry of entries) {
    const signal = entry.kind === "operation" ? signalAwaited(entry.name) : undefined;
    if (entry.kind !== "operation" || signal === undefined) continue;
    const before = waits.get(signal);
    if (before !== undefined) results.set(before, { ...abandonedWait, index: entry.index, at: entry.at });
    waits.set(signal, entry);
    const result = arrived.get(signal);
    if (result !== undefined) results.set(entry, result);
  }
  return results;
}

const abandonedWait = { value: abandonedWaitValue, failure: undefined, bytes: undefined };

/** Entries that the driver makes on its own account, once the workflow has returned or was cancelled. */
export const driverSteps: ReadonlySet<string> = new Set([
  cancelledEntry,
  gracePeriodEntry,
  cancellationGracePeriodEntry,
]);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function readInput({
  payload,
  caller,
  tags,
}: InputEntry): Pick<Timeline, "input" | "caller" | "tags" | "entryPoint" | "schedule"> {
  const { payload: input, ...shown } = showExecuteInput(payload);
  const given = tags.length === 0 ? {} : { tags };
  return { input, ...shown, ...given, ...(caller === undefined ? {} : { caller }) };
}

function startOf(value: JsonValue | undefined): Pick<Timeline, "start"> {
  const start = parseStart(value);
  return start === undefined ? {} : { start };
}

function stepOf(entry: OperationEntry, result: Result | undefined): Step {
  return {
    index: entry.index,
    operation: operationOf(entry.name),
    name: entry.name,
    ...(entry.at === undefined ? {} : { startedAt: entry.at }),
    ...(result?.at === undefined ? {} : { endedAt: result.at }),
    ...(entry.wakesAt === undefined ? {} : { wakesAt: entry.wakesAt }),
    ...(entry.child === undefined ? {} : { child: entry.child }),
    ...(result?.bytes === undefined ? {} : { resultBytes: result.bytes }),
    ...(operationOf(entry.name) === "fetch" ? { ...statusOf(result?.value), ...httpStatusOf(result) } : {}),
    ...(result === undefined ? { outcome: "pending" } : outcomeOf(entry, result)),
  };
}

function statusOf(value: JsonValue | undefined): Pick<Step, "httpStatus"> {
  const httpStatus = statusIn(value);
  return httpStatus === undefined ? {} : { httpStatus };
}

/** The status of a response whose body is omitted. */
function httpStatusOf(result: Result | undefined): Pick<Step, "httpStatus"> {
  return result?.httpStatus === undefined ? {} : { httpStatus: result.httpStatus };
}

function outcomeOf({ isCall }: OperationEntry, { value, failure }: Result): StepOutcome {
  // The failure of a called execution has its own name, stack and causes.
  if (failure !== undefined) return { outcome: "failed", error: executionFailureOf(failure) };
  return isCall ? plainOutcome(value) : stepOutcome(value);
}
