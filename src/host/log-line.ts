import type { JsonValue } from "../domain/json.ts";
import { maxLogLineBytes } from "../domain/limits.ts";
import type { GuestLog } from "./guest.ts";
import { parseGuestJson } from "./guest-json.ts";

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
