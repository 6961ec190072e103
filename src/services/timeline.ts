import { z } from "zod";
import type { Step } from "../domain/execution.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { JsonValue } from "../domain/json.ts";
import { signalAwaited } from "../host/operations/wait.ts";
import type { Failure } from "../domain/outcome.ts";
import type { Row } from "./restate-client.ts";
import type { RestateFailure } from "./restate-error.ts";
import type { ExecutionStart } from "./workflow-object.ts";

/**
 * Reads Restate's journal of an execution: `sys_journal`, whose rows are commands (what was asked, in
 * the order of the asking) and notifications (what came back, in the order of arrival), tied by a
 * completion id. A command without a notification is still outstanding.
 */
export interface Timeline {
  readonly input?: JsonValue;
  readonly entryPoint?: string;
  readonly start?: ExecutionStart;
  readonly steps: readonly Step[];
  /** The step whose result arrived last. */
  readonly lastSettled?: Step;
  readonly output?: { readonly value: JsonValue } | { readonly failure: RestateFailure };
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

/** The `start` entries of several executions, one row each. */
export function startsQuery(executionIds: readonly string[]): string {
  const ids = executionIds.map((id) => `'${id}'`).join(", ");
  return `SELECT id, entry_json FROM sys_journal
    WHERE id IN (${ids}) AND index <= 5 AND entry_type = 'Notification: Run'`;
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
function signalsOf(entries: readonly Entry[]): ReadonlyMap<Entry, Result> {
  const arrived = new Map(entries.flatMap((entry) => (entry.kind === "signal" ? [[entry.name, entry]] : [])));
  const waits = new Map<string, OperationEntry>();
  const results = new Map<Entry, Result>();
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

function lastSettledOf(steps: readonly Step[], entries: readonly Entry[]): Pick<Timeline, "lastSettled"> {
  const settled = entries.findLast((entry) => entry.kind === "result");
  const operation = entries.find(
    (entry) => entry.kind === "operation" && entry.completionId === settled?.completionId,
  );
  const step = steps.find(({ index }) => operation?.kind === "operation" && operation.index === index);
  return step === undefined ? {} : { lastSettled: step };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface OperationEntry {
  readonly kind: "operation";
  readonly index: number;
  readonly name: string;
  /** Another handler was called. */
  readonly isCall: boolean;
  readonly completionId: number;
  readonly at: number | undefined;
}

interface ResultEntry extends Result {
  readonly kind: "result";
  readonly completionId: number;
}

interface SignalEntry extends Result {
  readonly kind: "signal";
  readonly name: string;
}

interface Result {
  readonly at: number | undefined;
  /** `undefined` where the result is a void one, or too large to be shown. */
  readonly value: JsonValue | undefined;
  readonly failure: RestateFailure | undefined;
}

type Entry =
  | OperationEntry
  | ResultEntry
  | SignalEntry
  | { readonly kind: "input"; readonly payload: JsonValue | undefined }
  | { readonly kind: "output"; readonly output: NonNullable<Timeline["output"]> }
  | { readonly kind: "other" };

/** Which part of a command has the id of its completion. */
const operations: ReadonlyMap<string, "Run" | "Sleep" | "Call" | "OneWayCall"> = new Map([
  ["Command: Run", "Run"],
  ["Command: Sleep", "Sleep"],
  ["Command: Call", "Call"],
  ["Command: OneWayCall", "OneWayCall"],
] as const);

function parseEntry(row: Row): Entry {
  const type = String(row["entry_type"]);
  const json = parseJson(String(row["entry_json"] ?? row["entry_lite_json"]));
  if (type === "Command: Input") return inputEntry(json);
  if (type === "Command: Output") return outputEntry(json);
  if (operations.has(type)) return operationEntry(row, type, json);
  if (type === "Notification: Signal") return signalEntry(row, json);
  if (type.startsWith("Notification: ")) return resultEntry(row, json);
  return { kind: "other" };
}

function inputEntry(json: unknown): Entry {
  const payload = inputSchema.safeParse(json).data?.Command.Input.payload;
  return { kind: "input", payload: payload === undefined ? undefined : decodeJson(payload) };
}

function outputEntry(json: unknown): Entry {
  const result = outputSchema.safeParse(json).data?.Command.Output.result;
  if (result === undefined || typeof result === "string") return { kind: "other" };
  if ("Success" in result) return { kind: "output", output: { value: decodeJson(result.Success) ?? null } };
  return { kind: "output", output: { failure: failureOf(result.Failure) } };
}

function operationEntry(row: Row, type: string, json: unknown): Entry {
  const command = commandSchema.safeParse(json).data?.Command;
  const parts = command?.[operations.get(type) ?? "Run"];
  const completionId =
    parts?.completion_id ?? parts?.result_completion_id ?? parts?.invocation_id_completion_id;
  if (completionId === undefined) return { kind: "other" };
  return {
    kind: "operation",
    index: Number(row["index"]),
    name: String(row["name"]),
    isCall: type === "Command: Call" || type === "Command: OneWayCall",
    completionId,
    at: timeOf(row["appended_at"]),
  };
}

function signalEntry(row: Row, json: unknown): Entry {
  const signal = signalSchema.safeParse(json).data?.Notification;
  const name = signal?.Signal?.id.Name ?? signal?.id?.SignalName;
  if (name === undefined) return { kind: "other" };
  const success = signal?.Signal?.result.Success;
  const posted = success === undefined ? undefined : postedSchema.safeParse(decodeJson(success)).data;
  return {
    kind: "signal",
    name,
    at: timeOf(row["appended_at"]),
    value: posted === undefined ? undefined : { ok: true, ...posted },
    failure: undefined,
  };
}

function resultEntry(row: Row, json: unknown): Entry {
  const at = timeOf(row["appended_at"]);
  const lite = liteNotificationSchema.safeParse(json).data?.Notification.id.CompletionId;
  if (lite !== undefined)
    return { kind: "result", completionId: lite, at, value: undefined, failure: undefined };
  const completions = notificationSchema.safeParse(json).data?.Notification.Completion;
  const completion = Object.values(completions ?? {})[0];
  if (completion === undefined) return { kind: "other" };
  const result = completion.result ?? {};
  return {
    kind: "result",
    completionId: completion.completion_id,
    at,
    value: result.Success === undefined ? undefined : decodeJson(result.Success),
    failure: result.Failure === undefined ? undefined : failureOf(result.Failure),
  };
}

const bytesSchema = z.array(z.number());
const failureSchema = z.object({
  code: z.number(),
  message: z.string(),
  metadata: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
});
const inputSchema = z.object({ Command: z.object({ Input: z.object({ payload: bytesSchema }) }) });
const outputSchema = z.object({
  Command: z.object({
    Output: z.object({
      result: z.union([z.object({ Success: bytesSchema }), z.object({ Failure: failureSchema }), z.string()]),
    }),
  }),
});
const completed = z.object({
  completion_id: z.number().optional(),
  /** Of a call, which has one more for the id of the invocation that it begins. */
  result_completion_id: z.number().optional(),
  invocation_id_completion_id: z.number().optional(),
});
const signalSchema = z.object({
  Notification: z.object({
    Signal: z
      .object({ id: z.object({ Name: z.string() }), result: z.object({ Success: bytesSchema.optional() }) })
      .optional(),
    id: z.object({ SignalName: z.string() }).optional(),
  }),
});
const commandSchema = z.object({
  Command: z.object({
    Run: completed.optional(),
    Sleep: completed.optional(),
    Call: completed.optional(),
    OneWayCall: completed.optional(),
  }),
});
const notificationSchema = z.object({
  Notification: z.object({
    Completion: z.record(
      z.string(),
      z.object({
        completion_id: z.number(),
        result: z.object({ Success: bytesSchema.optional(), Failure: failureSchema.optional() }).optional(),
      }),
    ),
  }),
});
const liteNotificationSchema = z.object({
  Notification: z.object({ id: z.object({ CompletionId: z.number() }) }),
});
const postedSchema = z.object({ now: z.number(), value: z.json() });
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

function failureOf(failure: z.infer<typeof failureSchema>): RestateFailure {
  const metadata = Object.fromEntries((failure.metadata ?? []).map(({ key, value }) => [key, value]));
  return { code: failure.code, message: failure.message, metadata };
}

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

function decodeJson(bytes: readonly number[]): JsonValue | undefined {
  return parseJson(Buffer.from(bytes).toString("utf8")) as JsonValue | undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function timeOf(column: unknown): number | undefined {
  const time = typeof column === "string" ? Date.parse(column) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
