import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { readExecuteInput } from "../../journal/execute-input.ts";
import type { ExecutionStart } from "../../journal/execution-start.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import { maxRecordedBytes, maxRecordedResultBytes } from "../../recordings/limits.ts";
import { recordingFormat } from "../../recordings/recording.ts";
import type { RecordedOutcome, Recording } from "../../recordings/recording.ts";
import { decodeInputText } from "../entry-encoding.ts";
import { executionCondition } from "../execution-condition.ts";
import { statusOf } from "../execution-records.ts";
import { parseEntry } from "../journal-entries.ts";
import type { Row, RestateSql } from "../restate-sql.ts";
import { grantedTo } from "../reuse/reuse-plan.ts";
import { timelineOf } from "../timeline.ts";
import type { Timeline } from "../timeline.ts";
import { readArrivals } from "./recorded-arrivals.ts";

/** What the journal contains. Console lines and fuel are stored elsewhere. */
export type JournaledRecording = Omit<Recording, "logs" | "fuelUsed" | "engineDigest">;

/**
 * Reads the recording of an execution from its journal. It can be in progress.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-not-started`
 */
export async function readRecording(restate: RestateSql, id: ExecutionId): Promise<JournaledRecording> {
  const [row] = await restate.query(
    `SELECT target_service_key, status, completion_result, completion_failure
     FROM sys_invocation WHERE id = '${id}' AND ${executionCondition}`,
  );
  if (row === undefined) throw new DuraniumError("execution-not-found", `Execution "${id}" not found`);
  const rows = await restate.query(recordingQuery(id));
  const recording = recordingOf(rows, { id, row, recordedAt: Date.now() });
  const payloadText = await readPayloadText(rows, recording);
  return { ...recording, ...(payloadText === undefined ? {} : { payloadText }) };
}

/** The payload as the caller wrote it. The payload of a batch is written by Duranium. */
async function readPayloadText(
  rows: readonly Row[],
  { payload }: Pick<Recording, "payload">,
): Promise<string | undefined> {
  const raw = rows.find((row) => row["entry_type"] === "Command: Input")?.["raw"];
  if (typeof raw !== "string") return undefined;
  const plain = JSON.stringify(payload);
  try {
    const input = Buffer.from(decodeInputText(Buffer.from(raw, "base64")).text);
    const text = Buffer.from((await readExecuteInput(input)).payload).toString("utf8");
    return text !== plain && JSON.stringify(JSON.parse(text)) === plain ? text : undefined;
  } catch {
    // Another client may have sent anything. The execution has failed because of it.
    return undefined;
  }
}

/** Selects the journal with every result that a recording contains. */
function recordingQuery(id: ExecutionId): string {
  const sum = `sum(CASE WHEN raw_length <= ${maxRecordedResultBytes} THEN raw_length ELSE 0 END) OVER (ORDER BY index)`;
  const fits = `raw_length <= ${maxRecordedResultBytes} AND ${sum} <= ${maxRecordedBytes}`;
  return `SELECT index, entry_type, name, raw_length, entry_lite_json,
      CASE WHEN entry_type IN ('Command: Input', 'Command: Output') OR (entry_type LIKE 'Notification: %' AND ${fits})
        THEN encode(raw, 'base64') END AS raw
    FROM sys_journal WHERE id = '${id}' ORDER BY index`;
}

/** @param row of `sys_invocation` */
export function recordingOf(
  rows: readonly Row[],
  { id, row, recordedAt }: { readonly id: ExecutionId; readonly row: Row; readonly recordedAt: number },
): JournaledRecording {
  const entries = rows.map((each) => parseEntry(each));
  const timeline = timelineOf(entries);
  const status = statusOf(row);
  if (timeline.start === undefined || status === "skipped") {
    throw new DuraniumError(
      "execution-not-started",
      `Execution "${id}" has not started, so it has no recording`,
    );
  }
  const outcome = outcomeOf(status, row, timeline);
  const isCancelling = rows.some((each) => each["entry_type"] === "Command: SendSignal");
  const granted = grantedTo(entries);
  return {
    format: recordingFormat,
    workflowId: String(row["target_service_key"]),
    version: timeline.start.version,
    executionId: id,
    recordedAt,
    start: startOf(timeline.start, timeline, granted?.now),
    payload: (granted?.batch as JsonValue | undefined) ?? timeline.input ?? null,
    ...readArrivals(entries, { isCancelling }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

function startOf(
  { executionId, seed, now, callbackUrl, entryPoint, limits }: ExecutionStart,
  { schedule }: Timeline,
  grantedAt: number | undefined,
): Recording["start"] {
  return {
    executionId,
    seed,
    now: grantedAt ?? now,
    callbackUrl,
    ...(entryPoint === null ? {} : { entryPoint }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(limits === undefined ? {} : { limits }),
  };
}

function outcomeOf(
  status: ReturnType<typeof statusOf>,
  row: Row,
  { output }: Timeline,
): RecordedOutcome | undefined {
  if (status === "completed") {
    return { kind: "completed", result: output !== undefined && "value" in output ? output.value : null };
  }
  if (status === "cancelled") return { kind: "cancelled" };
  if (status !== "failed") return undefined;
  if (output !== undefined && "failure" in output) {
    return { kind: "failed", failure: executionFailureOf(output.failure) };
  }
  // An invocation that was killed has no output in its journal.
  return { kind: "failed", failure: { name: "Error", message: String(row["completion_failure"] ?? "") } };
}
