import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

/** The maximum encoded size of a body that is buffered for a second decoding. A larger body must have its trailer. */
const maxRetainedBytes = 4 * 1_024 * 1_024;

export interface RetainedBody {
  /** Buffers the bytes that pass through. */
  passing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void>;
  /**
   * Decodes the buffered bytes again, without their trailer.
   *
   * @throws `error`, unless the data are complete
   */
  decode(error: unknown, maxBytes: number): Promise<Uint8Array>;
}

/**
 * Accepts gzip and deflate bodies with complete data and a truncated or missing trailer (checksum and length). Servers that end
 * a response before their compressor has finished send such bodies, and browsers and Node accept them. Truncated data remain
 * an error.
 */
export function keepForTrailer(contentEncoding: string): RetainedBody {
  const headerLength = headerLengthOf[contentEncoding.trim().toLowerCase()];
  let kept: Buffer[] = [];
  let bytes = 0;
  return {
    async *passing(chunks) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (headerLength !== undefined && bytes <= maxRetainedBytes) kept.push(chunk);
        else kept = [];
        yield chunk;
      }
    },
    async decode(error, maxBytes) {
      if ((error as NodeJS.ErrnoException).code !== "Z_BUF_ERROR" || kept.length === 0) throw error;
      const body = Buffer.concat(kept);
      try {
        const data = body.subarray(headerLength?.(body));
        return new Uint8Array(await inflate(data, { maxOutputLength: maxBytes }));
      } catch {
        throw error;
      }
    },
  };
}

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

const headerLengthOf: Readonly<Record<string, (body: Buffer) => number>> = {
  gzip: gzipHeaderLength,
  "x-gzip": gzipHeaderLength,
  deflate: () => 2,
};

/** RFC 1952, section 2.3. */
function gzipHeaderLength(body: Buffer): number {
  const flags = body[3] ?? 0;
  let length = 10;
  if ((flags & 4) !== 0) length += 2 + (body[length] ?? 0) + 256 * (body[length + 1] ?? 0);
  for (const flag of [8, 16]) {
    // A file name and a comment, each terminated by a zero byte.
    if ((flags & flag) !== 0) length = body.indexOf(0, length) + 1 || body.length;
  }
  return (flags & 2) === 0 ? length : length + 2;
}
