import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

/** What is kept of a body for a second look. One that is larger, as it was sent, must have its trailer. */
const maxRetainedBytes = 4 * 1_024 * 1_024;

export interface RetainedBody {
  /** Keeps what goes by. */
  passing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void>;
  /**
   * Decodes what went by once more, without its trailer.
   *
   * @throws `error`, unless the data were whole
   */
  decode(error: unknown, maxBytes: number): Promise<Uint8Array>;
}

/**
 * For bodies in gzip or deflate whose data are whole, but whose trailer (check sum and length) is cut off or missing: servers that end
 * their responses before their compressor does send such bodies, and browsers and Node take them. Data that break off stay an error.
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
    // A file's name and a comment, each up to a zero.
    if ((flags & flag) !== 0) length = body.indexOf(0, length) + 1 || body.length;
  }
  return (flags & 2) === 0 ? length : length + 2;
}
