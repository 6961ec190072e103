import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import { parseTimestamp } from "../base/time.ts";
import type { Caller, ExecutionReference } from "../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { anyJson } from "../journal/any-json.ts";
import { readCaller, readTags } from "../journal/input-headers.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import type { RestateFailure } from "../journal/restate-failure.ts";
import { decodeInput, decodeOutput, decodeResult } from "./entry-encoding.ts";
import type { Row } from "./restate-sql.ts";

/**
 * Parses the rows of Restate's `sys_journal`: commands, in the order in which the execution issued them, and notifications
 * (results and signals), in the order in which they arrived. A completion id links a result to its command.
 */

export type JournalOutput = { readonly value: JsonValue } | { readonly failure: RestateFailure };

/** A command of the journal. */
export interface OperationEntry {
  readonly kind: "operation";
  readonly index: number;
  readonly name: string;
  /** True if the command calls another handler. */
  readonly isCall: boolean;
  /** The execution that was called. */
  readonly child: ExecutionReference | undefined;
  /** The end of a sleep, in milliseconds since the Unix epoch. */
  readonly wakesAt: number | undefined;
  readonly completionId: number;
  /** The id for the result with the ID of the invocation that a call started. */
  readonly invocationCompletionId?: number | undefined;
  readonly at: number | undefined;
}

/** The result of a command. */
export interface ResultEntry extends Result {
  readonly kind: "result";
  /** True if the result is of an effect, and not what a called execution returned. */
  readonly isOfRun: boolean;
  /** True if the result is what a called handler returned. */
  readonly isOfCall: boolean;
  readonly completionId: number;
}

/** A signal that was sent to the execution. */
export interface SignalEntry extends Result {
  readonly kind: "signal";
  readonly name: string;
}

export interface Result {
  /** The index of the result's own entry in the journal. */
  readonly index: number;
  readonly at: number | undefined;
  /** The size of the entry in the journal. */
  readonly bytes: number | undefined;
  /** Undefined if the result is void, or too large to be shown. */
  readonly value: JsonValue | undefined;
  /** The status of a response whose `value` is omitted. */
  readonly httpStatus?: number;
  readonly failure: RestateFailure | undefined;
}

/** The input of the execution, and the API key that started it. */
export interface InputEntry {
  readonly kind: "input";
  readonly payload: JsonValue | undefined;
  readonly caller: Caller | undefined;
  readonly tags: readonly string[];
}

export type JournalEntry =
  | OperationEntry
  | ResultEntry
  | SignalEntry
  | InputEntry
  | { readonly kind: "output"; readonly output: JournalOutput }
  /** The request to cancel the execution. */
  | { readonly kind: "cancellation"; readonly index: number }
  | { readonly kind: "other" };

/** The member of `entry_lite_json` that has the completion id, by the type of the command. */
const operations: ReadonlyMap<string, "Run" | "Sleep" | "Call" | "OneWayCall"> = new Map([
  ["Command: Run", "Run"],
  ["Command: Sleep", "Sleep"],
  ["Command: Call", "Call"],
  ["Command: OneWayCall", "OneWayCall"],
] as const);

/** @param row with `entry_type`, `entry_lite_json` and, unless the entry is too large, the entry as base64 in `raw` */
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
  return { kind: "input", payload, caller: readCaller(headers), tags: readTags(headers) };
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
    invocationCompletionId: parts?.invocation_id_completion_id,
    at: timeOf(row["appended_at"]),
  };
}

/** Only a call of the object `Workflow` starts an execution. */
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
  // The result of a sleep is void, so the size of its entry is not the size of a result.
  const isVoid = raw !== undefined && value === undefined && failure === undefined;
  const receipt = { ...receiptOf(row), ...(isVoid ? { bytes: undefined } : {}) };
  if (id?.CompletionId !== undefined)
    return {
      kind: "result",
      isOfRun: row["entry_type"] === "Notification: Run",
      isOfCall: row["entry_type"] === "Notification: Call",
      completionId: id.CompletionId,
      ...receipt,
      value,
      failure,
    };
  if (id?.SignalIndex === cancelSignal) return { kind: "cancellation", index: Number(row["index"]) };
  if (id?.SignalName === undefined) return { kind: "other" };
  const posted = postedSchema.safeParse(value).data;
  const shown = posted === undefined ? undefined : { ok: true, ...posted };
  return { kind: "signal", name: id.SignalName, ...receiptOf(row), value: shown, failure };
}

/** The signal by which Restate cancels an invocation. */
const cancelSignal = 1;

function receiptOf(row: Row): Pick<Result, "index" | "at" | "bytes"> {
  const bytes = row["raw_length"];
  return {
    index: Number(row["index"]),
    at: timeOf(row["appended_at"]),
    bytes: typeof bytes === "number" ? bytes : undefined,
  };
}

/** The failure of a result that was not selected. */
export const unshownFailure: RestateFailure = { code: 500, message: "Failure too large to show" };

const completed = z.object({
  completion_id: z.number().optional(),
  /** The id for the result of a call. A call has another id, for the id of the invocation that it starts. */
  result_completion_id: z.number().optional(),
  invocation_id_completion_id: z.number().optional(),
  invocation_id: z.string().optional(),
  invocation_target: z
    .object({ VirtualObject: z.object({ name: z.string(), key: z.string() }).optional() })
    .optional(),
  /** The end of a sleep, in milliseconds since the Unix epoch. */
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
    id: z.object({
      CompletionId: z.number().optional(),
      SignalName: z.string().optional(),
      SignalIndex: z.number().optional(),
    }),
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
