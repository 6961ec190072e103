import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import { parseTimestamp } from "../base/time.ts";
import type { Caller, ExecutionReference } from "../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { anyJson } from "../journal/any-json.ts";
import { readCaller } from "../journal/caller-header.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import type { RestateFailure } from "../journal/restate-failure.ts";
import { decodeInput, decodeOutput, decodeResult } from "./entry-encoding.ts";
import type { Row } from "./restate-sql.ts";

/**
 * The rows of Restate's `sys_journal`: commands (what was asked, in the order of the asking) and
 * notifications (what came back, in the order of arrival), tied by a completion id.
 */

export type JournalOutput = { readonly value: JsonValue } | { readonly failure: RestateFailure };

/** What was asked for, as a command of the journal. */
export interface OperationEntry {
  readonly kind: "operation";
  readonly index: number;
  readonly name: string;
  /** Another handler was called. */
  readonly isCall: boolean;
  /** The execution that was called. */
  readonly child: ExecutionReference | undefined;
  /** When a sleep is over, in milliseconds since the Unix epoch. */
  readonly wakesAt: number | undefined;
  readonly completionId: number;
  readonly at: number | undefined;
}

/** What came back for a command. */
export interface ResultEntry extends Result {
  readonly kind: "result";
  /** Of an operation of ours, and not what a called execution returned. */
  readonly isOfRun: boolean;
  readonly completionId: number;
}

/** What was sent to the execution by a name. */
export interface SignalEntry extends Result {
  readonly kind: "signal";
  readonly name: string;
}

export interface Result {
  /** Its own place in the journal. */
  readonly index: number;
  readonly at: number | undefined;
  /** How much room it takes in the journal. */
  readonly bytes: number | undefined;
  /** `undefined` where the result is a void one, or too large to be shown. */
  readonly value: JsonValue | undefined;
  /** Of a response of which `value` is left out. */
  readonly httpStatus?: number;
  readonly failure: RestateFailure | undefined;
}

/** What the execution was begun with, and by whom. */
export interface InputEntry {
  readonly kind: "input";
  readonly payload: JsonValue | undefined;
  readonly caller: Caller | undefined;
}

export type JournalEntry =
  | OperationEntry
  | ResultEntry
  | SignalEntry
  | InputEntry
  | { readonly kind: "output"; readonly output: JournalOutput }
  | { readonly kind: "other" };

/** Which part of a command has the id of its completion. */
const operations: ReadonlyMap<string, "Run" | "Sleep" | "Call" | "OneWayCall"> = new Map([
  ["Command: Run", "Run"],
  ["Command: Sleep", "Sleep"],
  ["Command: Call", "Call"],
  ["Command: OneWayCall", "OneWayCall"],
] as const);

/**
 * A row with `entry_type`, `entry_lite_json` and, unless it is too large to be looked at, the entry itself as `raw` in
 * base64.
 */
export function parseEntry(row: Row): JournalEntry {
  const type = String(row["entry_type"]);
  const raw = typeof row["raw"] === "string" ? Buffer.from(row["raw"], "base64") : undefined;
  const json = parseJson(String(row["entry_lite_json"]));
  if (type === "Command: Input") return inputEntry(raw);
  if (type === "Command: Output") return outputEntry(raw);
  if (operations.has(type)) return operationEntry(row, type, json);
  if (type.startsWith("Notification: ")) return notificationEntry(row, raw, json);
  return { kind: "other" };
}

function inputEntry(raw: Buffer | undefined): JournalEntry {
  const { payload, headers } = decodeInput(raw ?? Buffer.alloc(0));
  return { kind: "input", payload, caller: readCaller(headers) };
}

function outputEntry(raw: Buffer | undefined): JournalEntry {
  const { value, failure } = decodeOutput(raw ?? Buffer.alloc(0));
  return { kind: "output", output: failure === undefined ? { value: value ?? null } : { failure } };
}

function operationEntry(row: Row, type: string, json: unknown): JournalEntry {
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
    child: childOf(parts),
    wakesAt: parts?.wake_up_time,
    completionId,
    at: timeOf(row["appended_at"]),
  };
}

/** Calls of other objects are none of executions. */
function childOf(parts: z.infer<typeof completed> | undefined): ExecutionReference | undefined {
  const target = parts?.invocation_target?.VirtualObject;
  if (parts?.invocation_id === undefined || target?.name !== workflowObjectName) return undefined;
  return { executionId: parts.invocation_id as ExecutionId, workflowId: target.key as WorkflowId };
}

function notificationEntry(row: Row, raw: Buffer | undefined, json: unknown): JournalEntry {
  const { id, result = "" } = notificationSchema.safeParse(json).data?.Notification ?? {};
  const isUnshown = raw === undefined && result === "Failure";
  const decoded = raw === undefined ? { value: undefined, failure: undefined } : decodeResult(raw);
  const { value, failure } = isUnshown ? { value: undefined, failure: unshownFailure } : decoded;
  // A sleep comes back with nothing: what its entry takes in the journal is no size of a result.
  const isVoid = raw !== undefined && value === undefined && failure === undefined;
  const receipt = { ...receiptOf(row), ...(isVoid ? { bytes: undefined } : {}) };
  if (id?.CompletionId !== undefined)
    return {
      kind: "result",
      isOfRun: isOfRun(row),
      completionId: id.CompletionId,
      ...receipt,
      value,
      failure,
    };
  if (id?.SignalName === undefined) return { kind: "other" };
  const posted = postedSchema.safeParse(value).data;
  const shown = posted === undefined ? undefined : { ok: true, ...posted };
  return { kind: "signal", name: id.SignalName, ...receiptOf(row), value: shown, failure };
}

function isOfRun(row: Row): boolean {
  return row["entry_type"] === "Notification: Run";
}

function receiptOf(row: Row): Pick<Result, "index" | "at" | "bytes"> {
  const bytes = row["raw_length"];
  return {
    index: Number(row["index"]),
    at: timeOf(row["appended_at"]),
    bytes: typeof bytes === "number" ? bytes : undefined,
  };
}

const unshownFailure: RestateFailure = { code: 500, message: "The failure is too large to be shown" };

const completed = z.object({
  completion_id: z.number().optional(),
  /** Of a call, which has one more for the id of the invocation that it begins. */
  result_completion_id: z.number().optional(),
  invocation_id_completion_id: z.number().optional(),
  invocation_id: z.string().optional(),
  invocation_target: z
    .object({ VirtualObject: z.object({ name: z.string(), key: z.string() }).optional() })
    .optional(),
  /** Of a sleep, in milliseconds since the Unix epoch. */
  wake_up_time: z.number().optional(),
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
    id: z.object({ CompletionId: z.number().optional(), SignalName: z.string().optional() }),
    result: z.string().optional(),
  }),
});
const postedSchema = z.object({ now: z.number(), value: anyJson });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function timeOf(column: unknown): number | undefined {
  return typeof column === "string" ? parseTimestamp(column) : undefined;
}
