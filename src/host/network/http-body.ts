import { Readable, pipeline } from "node:stream";
import type { Transform } from "node:stream";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  constants,
  createZstdDecompress,
} from "node:zlib";
import { freeBodyBytes } from "./body-budget.ts";
import { FetchError } from "./fetch-error.ts";
import { keepForTrailer } from "./http-body-trailer.ts";

/** The limit of browsers. A response with more content codings is an attack. */
const maxContentCodings = 5;

/** 8 MiB, the maximum window of the zstd content coding (RFC 9659). Without it, a header of six bytes could claim 128 MiB. */
const maxZstdWindowLog = 23;

export interface BodyOptions {
  readonly contentEncoding: string;
  readonly maxBytes: number;
  /** Waits for memory for a body of this size, or throws. Called as the body grows above `freeBodyBytes`. */
  readonly assertCapacity: (bodyBytes: number) => Promise<void>;
}

/** Codings whose decoders allocate megabytes before they produce output. */
const codingsWithWindows = /br|zstd/i;

/**
 * Reads a body to its end and decodes its content codings (RFC 9110, section 8.4). Decoded bytes are counted, so a compression
 * bomb is stopped early. The source is always destroyed.
 *
 * @throws {FetchError} `limit-exceeded`, or `fetch-failed` if the body is truncated or its coding is invalid
 */
export async function readBody(
  source: Readable,
  { contentEncoding, maxBytes, assertCapacity }: BodyOptions,
): Promise<Uint8Array> {
  try {
    // Most bodies have no content coding and need no decoder.
    if (contentEncoding === "") return await collect(source, maxBytes, assertCapacity);
    if (codingsWithWindows.test(contentEncoding)) await assertCapacity(freeBodyBytes + 1);
    const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
    const first = await chunks.next();
    // An empty body is empty in every coding, but decoders reject it.
    if (first.done === true) return new Uint8Array();
    const kept = keepForTrailer(contentEncoding);
    const body: Readable = Readable.from(kept.passing(resumed(first.value, chunks)), { objectMode: false });
    try {
      return await collect(
        decoded(body, decodersFor(contentEncoding, first.value)),
        maxBytes,
        assertCapacity,
      );
    } catch (error) {
      return await kept.decode(error, maxBytes);
    }
  } finally {
    source.destroy();
  }
}

async function* resumed(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** Returns the decoders in order: the coding that was applied last is decoded first. */
function decodersFor(contentEncoding: string, firstChunk: Buffer): readonly Transform[] {
  const codings = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > maxContentCodings) {
    throw new FetchError("fetch-failed", `the response has ${codings.length} content codings`);
  }
  // A body in an unknown coding is passed to the workflow as it is, like the platform's fetch.
  if (!codings.every((coding) => decoders.has(coding))) return [];
  return codings.toReversed().flatMap((coding) => decoders.get(coding)?.(firstChunk) ?? []);
}

/** The size of decoded chunks. It is larger than the default of 16 KiB, because each chunk takes a turn of the event loop. */
const chunkSize = 64 * 1024;

const decoders = new Map<string, (firstChunk: Buffer) => Transform>([
  ["gzip", () => createGunzip({ chunkSize })],
  ["x-gzip", () => createGunzip({ chunkSize })],
  ["br", () => createBrotliDecompress({ chunkSize })],
  [
    "zstd",
    () => createZstdDecompress({ chunkSize, params: { [constants.ZSTD_d_windowLogMax]: maxZstdWindowLog } }),
  ],
  [
    "deflate",
    (firstChunk) =>
      hasZlibHeader(firstChunk) ? createInflate({ chunkSize }) : createInflateRaw({ chunkSize }),
  ],
]);

/** "deflate" means the zlib format (RFC 1950), but some servers send raw deflate data. */
function hasZlibHeader(chunk: Buffer): boolean {
  return ((chunk[0] ?? 0) & 0x0f) === 0x08;
}

/** Connects the streams. A failure reaches the last stream, and its end destroys all streams. */
function decoded(body: Readable, transforms: readonly Transform[]): Readable {
  return transforms.reduce<Readable>((from, transform) => pipeline(from, transform, () => {}), body);
}

async function collect(
  stream: Readable,
  maxBytes: number,
  assertCapacity: BodyOptions["assertCapacity"],
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    if (bytes > freeBodyBytes) await assertCapacity(bytes);
    chunks.push(chunk);
  }
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function tooLarge(maxBytes: number): FetchError {
  return new FetchError(
    "limit-exceeded",
    `the body of the response is larger than ${maxBytes} bytes (fetchResponseBytes)`,
  );
}
