import { z } from "zod";
import type { JsonValue } from "../domain/json.ts";
import type { Row } from "./restate-client.ts";
import type { RestateFailure } from "./restate-error.ts";

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
  readonly completionId: number;
  readonly at: number | undefined;
}

/** What came back for a command. */
export interface ResultEntry extends Result {
  readonly kind: "result";
  readonly completionId: number;
}

/** What was sent to the execution by a name. */
export interface SignalEntry extends Result {
  readonly kind: "signal";
  readonly name: string;
}

export interface Result {
  readonly at: number | undefined;
  /** `undefined` where the result is a void one, or too large to be shown. */
  readonly value: JsonValue | undefined;
  readonly failure: RestateFailure | undefined;
}

export type JournalEntry =
  | OperationEntry
  | ResultEntry
  | SignalEntry
  | { readonly kind: "input"; readonly payload: JsonValue | undefined }
  | { readonly kind: "output"; readonly output: JournalOutput }
  | { readonly kind: "other" };

/** Which part of a command has the id of its completion. */
const operations: ReadonlyMap<string, "Run" | "Sleep" | "Call" | "OneWayCall"> = new Map([
  ["Command: Run", "Run"],
  ["Command: Sleep", "Sleep"],
  ["Command: Call", "Call"],
  ["Command: OneWayCall", "OneWayCall"],
] as const);

/** A row with `entry_type`, and the entry itself in `entry_json` or, where that is too large, `entry_lite_json`. */
export function parseEntry(row: Row): JournalEntry {
  const type = String(row["entry_type"]);
  const json = parseJson(String(row["entry_json"] ?? row["entry_lite_json"]));
  if (type === "Command: Input") return inputEntry(json);
  if (type === "Command: Output") return outputEntry(json);
  if (operations.has(type)) return operationEntry(row, type, json);
  if (type === "Notification: Signal") return signalEntry(row, json);
  if (type.startsWith("Notification: ")) return resultEntry(row, json);
  return { kind: "other" };
}

function inputEntry(json: unknown): JournalEntry {
  const payload = inputSchema.safeParse(json).data?.Command.Input.payload;
  return { kind: "input", payload: payload === undefined ? undefined : decodeJson(payload) };
}

function outputEntry(json: unknown): JournalEntry {
  const result = outputSchema.safeParse(json).data?.Command.Output.result;
  if (result === undefined || typeof result === "string") return { kind: "other" };
  if ("Success" in result) return { kind: "output", output: { value: decodeJson(result.Success) ?? null } };
  return { kind: "output", output: { failure: failureOf(result.Failure) } };
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
    completionId,
    at: timeOf(row["appended_at"]),
  };
}

function signalEntry(row: Row, json: unknown): JournalEntry {
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

function resultEntry(row: Row, json: unknown): JournalEntry {
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

function failureOf(failure: z.infer<typeof failureSchema>): RestateFailure {
  const metadata = Object.fromEntries((failure.metadata ?? []).map(({ key, value }) => [key, value]));
  return { code: failure.code, message: failure.message, metadata };
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
