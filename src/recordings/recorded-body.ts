import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../base/bytes.ts";
import { maxRecordedBodyBytes } from "./limits.ts";
import type { RecordedBody } from "./recording.ts";

/** The body of a request as a recording has it. */
export function recordedBodyOf(body: Uint8Array): RecordedBody {
  const text = body.length > maxRecordedBodyBytes ? undefined : textOf(body);
  return { sha256: toHex(sha256(body)), bytes: body.length, ...(text === undefined ? {} : { text }) };
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(body);
  } catch {
    return undefined;
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
