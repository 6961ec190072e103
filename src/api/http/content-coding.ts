import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { DuraniumError } from "../../domain/errors.ts";

/** Senders use at most two codings, and each coding multiplies the cost of decoding. */
const maxCodings = 2;

/**
 * Decodes the content codings of RFC 9110, section 8.4: `gzip`, `deflate`, `br`, `zstd`.
 *
 * @param coding the value of `Content-Encoding`
 * @param maxBytes the limit of the result, and of the data between two codings
 * @throws {DuraniumError} `unsupported-media-type`, `invalid-request` if the bytes are not encoded this way,
 *   `body-too-large`
 */
export function decodeContent(bytes: Uint8Array, coding: string | undefined, maxBytes: number): Uint8Array {
  const codings = (coding ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const applied = codings.filter((name) => name !== "" && name !== "identity");
  if (applied.length > maxCodings || applied.some((name) => !decoders.has(name)))
    throw unsupported(coding ?? "");
  if (bytes.length === 0) return bytes;
  return applied.reduceRight((decoded, name) => decode(decoded, name, maxBytes), bytes);
}

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", (bytes, options) => (hasZlibHeader(bytes) ? inflateSync : inflateRawSync)(bytes, options)],
  ["br", brotliDecompressSync],
  ["zstd", zstdDecompressSync],
]);

/** Many senders omit the zlib header (RFC 1950, section 2.2) that `deflate` requires. */
function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

function decode(bytes: Uint8Array, name: string, maxBytes: number): Uint8Array {
  try {
    return decoders.get(name)?.(bytes, { maxOutputLength: maxBytes }) ?? bytes;
  } catch (cause) {
    if (Reflect.get(cause as object, "code") !== "ERR_BUFFER_TOO_LARGE")
      throw new DuraniumError(
        "invalid-request",
        `Cannot read the body: it is not ${name}, as its Content-Encoding says`,
        { cause },
      );
    throw new DuraniumError(
      "body-too-large",
      `Cannot read the body: it is larger than ${maxBytes} bytes, the limit of this route`,
      { cause },
    );
  }
}

function unsupported(coding: string): DuraniumError {
  return new DuraniumError(
    "unsupported-media-type",
    `Cannot read a body with content-encoding ${JSON.stringify(coding.slice(0, 100))}: use gzip, deflate, br or zstd, at most ${maxCodings} of them`,
  );
}
