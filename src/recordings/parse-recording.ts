import { z } from "zod";
import { utf8Length } from "../base/bytes.ts";
import { DuraniumError, messageOf } from "../domain/errors.ts";
import { maxRecordingDepth, maxRecordingTextBytes } from "./limits.ts";
import { recordingFormat, recordingSchema } from "./recording.ts";
import type { Arrival, Recording } from "./recording.ts";

/**
 * Reads the text of a recording, which may come from anywhere. Members that the format does not name are dropped.
 *
 * @throws {DuraniumError} `invalid-recording`
 */
export function parseRecording(text: string): Recording {
  const bytes = utf8Length(text);
  if (bytes > maxRecordingTextBytes) {
    throw invalid(`it has ${bytes} bytes, and the limit is ${maxRecordingTextBytes}`);
  }
  const value = parseJson(text);
  const { format } = (typeof value === "object" && value !== null ? value : {}) as {
    readonly format?: unknown;
  };
  if (format !== recordingFormat) throw invalid(unknownFormat(format));
  if (isDeeperThan(value, maxRecordingDepth)) {
    throw invalid(`it is nested more than ${maxRecordingDepth} levels deep`);
  }
  const parsed = recordingSchema.safeParse(value);
  if (!parsed.success) throw invalid(firstLines(z.prettifyError(parsed.error)));
  assertReferences(parsed.data);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalid(`it is not JSON: ${messageOf(cause)}`);
  }
}

function unknownFormat(format: unknown): string {
  if (typeof format !== "string") return `it has no \`format\` "${recordingFormat}"`;
  return `its format is "${format.slice(0, 80)}", and this release reads "${recordingFormat}"`;
}

/** Each arrival refers to a call or a signal that exists, and at most once. */
function assertReferences({ calls, signals, arrivals }: Recording): void {
  const names = new Set(signals.map(({ name }) => name));
  if (names.size < signals.length) throw invalid("a signal is in it twice");
  const arrived = new Set<number>();
  for (const [place, each] of arrivals.entries()) {
    const number = callIn(each);
    if (number !== undefined && number >= calls.length) {
      throw invalid(`arrivals[${place}] names the call ${number}, and there are ${calls.length} calls`);
    }
    if ("signal" in each && !names.has(each.signal)) {
      throw invalid(`arrivals[${place}] names a signal that is not in \`signals\``);
    }
    if (!("call" in each)) continue;
    if (arrived.has(each.call)) throw invalid(`the result of the call ${each.call} arrives twice`);
    if (calls[each.call]?.result === undefined)
      throw invalid(`the call ${each.call} has no result to arrive`);
    arrived.add(each.call);
  }
}

function callIn(arrival: Arrival): number | undefined {
  if ("call" in arrival) return arrival.call;
  if ("slot" in arrival) return arrival.slot;
  return "invocation" in arrival ? arrival.invocation : undefined;
}

/** Looks one level at a time, because a hostile text may be nested deeper than the stack allows. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let at = 0; level.length > 0; at += 1) {
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
    if (at >= depth && level.length > 0) return true;
  }
  return false;
}

function firstLines(text: string): string {
  const lines = text.split("\n");
  return lines.length <= 6 ? text : `${lines.slice(0, 6).join("\n")}\n…`;
}

function invalid(why: string): DuraniumError {
  return new DuraniumError("invalid-recording", `Cannot read the recording: ${why}`);
}
