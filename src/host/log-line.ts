import type { JsonValue } from "../domain/json.ts";
import { maxLogLineBytes } from "../domain/limits.ts";
import type { GuestLog, LogLevel } from "./guest.ts";
import { parseGuestJson } from "./guest-json.ts";

/** One line of a workflow's console. A replay says the same lines with the same numbers again. */
export interface LogLine {
  /** 0, 1, 2… in the order of the execution. */
  readonly number: number;
  readonly level: LogLevel;
  /** The arguments of the call of `console`. */
  readonly line: readonly JsonValue[];
  /** The guest's clock: milliseconds since the Unix epoch. */
  readonly at: number;
}

/** What the guest said. A line that is too long or no list of arguments is kept as text, cut to size. */
export function readLogArguments({ line }: GuestLog): readonly JsonValue[] {
  if (line.length > maxLogLineBytes) return [cutText(line)];
  try {
    const value = parseGuestJson(line, "a console line");
    return Array.isArray(value) ? value : [value];
  } catch {
    return [cutText(line)];
  }
}

function cutText(line: Uint8Array): string {
  const text = new TextDecoder().decode(line.subarray(0, maxLogLineBytes));
  const cutBytes = line.length - maxLogLineBytes;
  return cutBytes > 0 ? `${text}… (${cutBytes} more bytes: maxLogLineBytes)` : text;
}
