import { fromBase64, toBase64 } from "../base/bytes.ts";
import type { JsonValue } from "../base/json.ts";
import { maxFetchResponseBytes } from "../domain/limits.ts";

/** A body in the journal: as text if it is UTF-8, so that people can read it there. */
export type JournaledBody = { readonly text: string } | { readonly base64: string };

/** Bytes in compressed form, as the journal contains long payloads and bodies: every later release must be able to read it. */
export interface CompressedBytes {
  /** How many bytes they are. */
  readonly bytes: number;
  /** Zstandard (RFC 8878) in base64. */
  readonly zstd: string;
}

/** @returns `undefined` if the value has another form */
export function parseCompressedBytes(value: JsonValue | undefined): CompressedBytes | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { bytes, zstd } = value as Readonly<Record<string, JsonValue>>;
  return typeof bytes === "number" && typeof zstd === "string" ? { bytes, zstd } : undefined;
}

// Keeping the byte order mark makes decoding exact: valid UTF-8 in, the same bytes out.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function encodeBody(body: Uint8Array): JournaledBody {
  const text = fitsAsJson(body) ? textOf(body) : undefined;
  return text === undefined ? { base64: toBase64(body) } : { text };
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(body);
  } catch {
    return undefined;
  }
}

/**
 * JSON escapes a control character with six bytes; no text may take more room than the largest base64. Counted without making
 * the text, which would take six times the memory.
 */
function fitsAsJson(utf8: Uint8Array): boolean {
  const maxEncodedBytes = Math.ceil(maxFetchResponseBytes / 3) * 4;
  let encodedBytes = utf8.length + '""'.length;
  if (utf8.length * 6 <= maxEncodedBytes) return true;
  for (let at = 0; at < utf8.length && encodedBytes <= maxEncodedBytes; at += 1) {
    encodedBytes += addedByEscape[utf8[at] ?? 0] ?? 0;
  }
  return encodedBytes <= maxEncodedBytes;
}

/** How many bytes more than one each byte takes in a JSON string: of UTF-8, only ASCII is escaped. */
const addedByEscape = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? JSON.stringify(String.fromCharCode(byte)).length - '""'.length - 1 : 0,
);

/** @returns `undefined` if it is not what `encodeBody` returned */
export function decodeBody(body: JournaledBody): Uint8Array | undefined {
  if ("text" in body) return new TextEncoder().encode(body.text);
  const bytes = bytesIn(body.base64);
  // Reading base64 is lenient, and `encodeBody` writes one form of it.
  return bytes !== undefined && toBase64(bytes) === body.base64 ? bytes : undefined;
}

function bytesIn(base64: string): Uint8Array | undefined {
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}
