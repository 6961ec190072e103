import type { JsonValue } from "../../base/json.ts";
import { withoutCauses } from "../../domain/outcome.ts";
import { decompressBytes } from "../../journal/compressed-bytes.ts";
import { encodeBody } from "../../journal/journaled-body.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import { maxRecordedBytes, maxRecordedResultBytes } from "../../recordings/limits.ts";
import type { RecordedResult } from "../../recordings/recording.ts";
import { unshownFailure } from "../journal-entries.ts";
import type { ResultEntry, SignalEntry } from "../journal-entries.ts";
import { compressedIn } from "../timeline.ts";

/** Reads results in the form in which the driver receives them, as long as they fit into a recording. */
export function createResultReader(): (entry: ResultEntry | SignalEntry) => RecordedResult {
  let total = 0;
  return (entry) => {
    const bytes = sizeOf(entry);
    if (isUnselected(entry) || bytes > maxRecordedResultBytes || total + bytes > maxRecordedBytes) {
      return { omitted: "too-large", bytes };
    }
    total += bytes;
    return { value: valueOf(entry) };
  };
}

/** True if the query left the content out because of its size. The result of a sleep has neither content nor size. */
function isUnselected({ value, failure, bytes = 0 }: ResultEntry | SignalEntry): boolean {
  return failure === undefined ? value === undefined && bytes > 0 : failure === unshownFailure;
}

/** The size of a compressed body is that of its content. */
function sizeOf(entry: ResultEntry | SignalEntry): number {
  if (entry.failure !== undefined) return entry.bytes ?? 0;
  return compressedOf(entry)?.bytes ?? entry.bytes ?? 0;
}

function valueOf(entry: ResultEntry | SignalEntry): JsonValue {
  const { value = null, failure } = entry;
  if (failure !== undefined) return { ok: false, error: { ...withoutCauses(executionFailureOf(failure)) } };
  const compressed = compressedOf(entry);
  if (compressed !== undefined) {
    const { compressed: _compressed, ...outcome } = value as Readonly<Record<string, JsonValue>>;
    return { ...outcome, ...encodeBody(decompressBytes(compressed)) };
  }
  return entry.kind === "result" && entry.isOfCall ? { ok: true, value } : value;
}

function compressedOf(entry: ResultEntry | SignalEntry): ReturnType<typeof compressedIn> {
  return entry.kind === "result" ? compressedIn(entry) : undefined;
}
