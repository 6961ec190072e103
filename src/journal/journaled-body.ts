import { z } from "zod";
import { fromBase64, toBase64 } from "../base/bytes.ts";
import { maxFetchResponseBytes } from "../domain/limits.ts";

/** A body in the journal: as text if it is valid UTF-8, so that it is readable in the Restate UI, otherwise as base64. */
export type JournaledBody = { readonly text: string } | { readonly base64: string };

/**
 * The compressed form of long payloads and bodies in the journal: the number of bytes before compression, and Zstandard
 * (RFC 8878) in base64. Every later release must be able to read it.
 */
export const compressedBytes = z.strictObject({ bytes: z.number(), zstd: z.string() });

export type CompressedBytes = Readonly<z.output<typeof compressedBytes>>;

// `ignoreBOM` keeps the byte order mark, so that encoding the text again returns the same bytes.
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
 * True if the JSON of the text is not larger than the base64 of the largest body. JSON escapes a control character with six
 * bytes. The size is computed without building the text, which could take six times the memory.
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

/** The bytes that escaping adds to each byte in a JSON string. Of UTF-8, only ASCII characters are escaped. */
const addedByEscape = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? JSON.stringify(String.fromCharCode(byte)).length - '""'.length - 1 : 0,
);

/** @returns undefined if `encodeBody` cannot have returned this */
export function decodeBody(body: JournaledBody): Uint8Array | undefined {
  if ("text" in body) return new TextEncoder().encode(body.text);
  const bytes = bytesIn(body.base64);
  // Decoding base64 is lenient, so only the canonical form, which `encodeBody` writes, is accepted.
  return bytes !== undefined && toBase64(bytes) === body.base64 ? bytes : undefined;
}

function bytesIn(base64: string): Uint8Array | undefined {
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}
