import type { JsonValue } from "../../base/json.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { GuestLog } from "../guest.ts";
import { parseGuestJson } from "./guest-json.ts";

/** Parses the arguments of a console call. A line that is too long or malformed is stored as text, truncated. */
export function readLogArguments(
  { line }: GuestLog,
  { logLineBytes }: Pick<ExecutionLimits, "logLineBytes">,
): readonly JsonValue[] {
  if (line.length > logLineBytes) return [cutText(line, logLineBytes)];
  try {
    const value = parseGuestJson(line, "a console line");
    return Array.isArray(value) ? value : [value];
  } catch {
    return [cutText(line, logLineBytes)];
  }
}

function cutText(line: Uint8Array, logLineBytes: number): string {
  const text = new TextDecoder().decode(line.subarray(0, logLineBytes));
  const cutBytes = line.length - logLineBytes;
  return cutBytes > 0 ? `${text}… (${cutBytes} more bytes: logLineBytes)` : text;
}
