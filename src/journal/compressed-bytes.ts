import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from "node:zlib";
import { KiB } from "../base/binary-units.ts";
import { maxFetchResponseBytes } from "../domain/limits.ts";
import type { CompressedBytes } from "./journaled-body.ts";

/**
 * Size above which payloads and bodies are compressed in the journal. Smaller ones stay readable in Restate's UI.
 */
export const compressAboveBytes = 64 * KiB;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The lowest level: compressing delays the execution, and higher levels save little space. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Large chunks, because each chunk of output takes a turn of the event loop. */
const decoding = { maxOutputLength: maxFetchResponseBytes, chunkSize: 1024 * 1024 };

/**
 * Compresses bytes on a thread of libuv.
 *
 * @returns undefined if there are few bytes, or if they shrink by less than a quarter
 */
export async function compressBytes(bytes: Uint8Array): Promise<CompressedBytes | undefined> {
  if (bytes.length <= compressAboveBytes) return undefined;
  const zstd = (await compress(bytes, fastest)).toString("base64");
  return zstd.length > 0.75 * bytes.length ? undefined : { bytes: bytes.length, zstd };
}

/** @throws {Error} if this is not what `compressBytes` returned */
export function decompressBytes({ bytes, zstd }: CompressedBytes): Uint8Array {
  return checked(zstdDecompressSync(Buffer.from(zstd, "base64"), decoding), bytes);
}

/**
 * As `decompressBytes`, on a thread of libuv.
 *
 * @throws {Error} if this is not what `compressBytes` returned
 */
export async function decompressInBackground({ bytes, zstd }: CompressedBytes): Promise<Uint8Array> {
  return checked(await decompress(Buffer.from(zstd, "base64"), decoding), bytes);
}

function checked(decompressed: Uint8Array, bytes: number): Uint8Array {
  if (decompressed.length === bytes) return decompressed;
  throw new Error(`Decompressed ${decompressed.length} bytes instead of ${bytes}`);
}
