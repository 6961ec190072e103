import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from "node:zlib";
import type { JsonValue } from "../base/json.ts";
import { maxFetchResponseBytes } from "../domain/limits.ts";

/**
 * A long text in compressed form: Zstandard (RFC 8878) in base64. Executions in flight hold this form, so every later
 * release must be able to read it.
 */
export interface PackedText {
  /** What the text is: plain text, or base64 of bytes. */
  readonly form: "text" | "base64";
  /** Of the text, in characters. */
  readonly length: number;
  readonly zstd: string;
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** There are many of them, and time counts more than room. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Each chunk of a decoder's output costs a turn of the event loop, and the default of 16 KiB makes many of them. */
const decoding = { maxOutputLength: maxFetchResponseBytes, chunkSize: 1024 * 1024 };

/**
 * Compresses a text on a thread of libuv.
 *
 * @returns `undefined` if it does not shrink by a fourth at least
 */
export async function packText(form: PackedText["form"], text: string): Promise<PackedText | undefined> {
  const zstd = (await compress(Buffer.from(text, encodings[form]), fastest)).toString("base64");
  return zstd.length > 0.75 * text.length ? undefined : { form, length: text.length, zstd };
}

/** How a text of this form becomes bytes that compress well. */
const encodings = { text: "utf8", base64: "base64" } as const;

/** @throws if this is not what `packText` returned */
export function unpackText({ form, length, zstd }: PackedText): string {
  const text = zstdDecompressSync(Buffer.from(zstd, "base64"), decoding).toString(encodings[form]);
  if (text.length !== length) throw new Error(`The text has ${text.length} characters instead of ${length}`);
  return text;
}

/**
 * The text as UTF-8, or the bytes if its form is base64, decompressed on a thread of libuv.
 *
 * @throws if this is not what `packText` returned
 */
export async function unpackBytes({ zstd }: PackedText): Promise<Uint8Array> {
  return await decompress(Buffer.from(zstd, "base64"), decoding);
}

/** @returns `undefined` if the value has another form */
export function parsePackedText(packed: JsonValue | undefined): PackedText | undefined {
  if (typeof packed !== "object" || packed === null || Array.isArray(packed)) return undefined;
  const { form, length, zstd } = packed as Readonly<Record<string, JsonValue>>;
  if (form !== "text" && form !== "base64") return undefined;
  if (typeof length !== "number" || typeof zstd !== "string") return undefined;
  return { form, length, zstd };
}
