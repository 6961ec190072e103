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

/** As browsers do: a response that was encoded more often than this is an attack. */
const maxContentCodings = 5;

/** 8 MiB, which is all that a content coding may ask for (RFC 9659): zlib would take 128 for a header of six bytes. */
const maxZstdWindowLog = 23;

export interface BodyOptions {
  readonly contentEncoding: string;
  readonly maxBytes: number;
  /** Waits for room for a body of this size, or throws: asked as it grows above `freeBodyBytes`. */
  readonly assertCapacity: (bodyBytes: number) => Promise<void>;
}

/** Their decoders take megabytes before anything comes out. */
const codingsWithWindows = /br|zstd/i;

/**
 * Reads a body to its end and undoes its content codings (RFC 9110, section 8.4). Bytes are counted where
 * they come out, so a few that inflate to many are stopped early. The source is destroyed in any case.
 *
 * @throws {FetchError} `limit-exceeded`, or `fetch-failed` where the body breaks off or its coding is broken
 */
export async function readBody(
  source: Readable,
  { contentEncoding, maxBytes, assertCapacity }: BodyOptions,
): Promise<Uint8Array> {
  try {
    // Most bodies are as they were sent, and need nothing in between.
    if (contentEncoding === "") return await collect(source, maxBytes, assertCapacity);
    if (codingsWithWindows.test(contentEncoding)) await assertCapacity(freeBodyBytes + 1);
    const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
    const first = await chunks.next();
    // A body that is empty is so in every coding, though no decoder would say so.
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

/** In the order in which they are to be undone: the last one applied comes first. */
function decodersFor(contentEncoding: string, firstChunk: Buffer): readonly Transform[] {
  const codings = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > maxContentCodings) {
    throw new FetchError("fetch-failed", `the response has ${codings.length} content codings`);
  }
  // A coding that is unknown is left to the workflow, as the platform's fetch does.
  if (!codings.every((coding) => decoders.has(coding))) return [];
  return codings.toReversed().flatMap((coding) => decoders.get(coding)?.(firstChunk) ?? []);
}

/** Of what comes out. Each chunk costs a turn of the event loop, and the default of 16 KiB makes a thousand of a large body. */
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

/** "deflate" means the zlib format (RFC 1950), but some servers send what is inside of it alone. */
function hasZlibHeader(chunk: Buffer): boolean {
  return ((chunk[0] ?? 0) & 0x0f) === 0x08;
}

/** Failures run through the pipeline to its last stream, and its end destroys all of them. */
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
