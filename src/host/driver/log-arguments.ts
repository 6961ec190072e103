import type { JsonValue } from "../../base/json.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { GuestLog } from "../guest.ts";
import { parseGuestJson } from "./guest-json.ts";

/** What the guest said. A line that is too long or no list of arguments is kept as text, cut to size. */
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
