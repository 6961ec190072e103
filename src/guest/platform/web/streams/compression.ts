import { adler32 } from "./adler-32.ts";
import { bytesOfSource } from "../data/buffer-source.ts";
import { endOfDeflate } from "./deflate-end.ts";
import { concatBytes, TransformStream } from "./streams.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Format = "gzip" | "deflate" | "deflate-raw";

/** The engine's zlib, which is accessible only through its streams. */
const NativeCompression = globalThis.CompressionStream;
const NativeDecompression = globalThis.DecompressionStream;

/** `CompressionStream` of the Compression standard. */
export class CompressionStream {
  readonly #stream: TransformStream<BufferSource, Bytes>;

  constructor(format: Format) {
    const native = openNative(new NativeCompression(formatOf(format)), () => {});
    this.#stream = new TransformStream({
      transform: (chunk, controller) => native.write(bytesOfSource(chunk), controller),
      flush: (controller) => native.close(controller),
    });
  }

  get readable(): ReadableStream<Bytes> {
    return this.#stream.readable;
  }

  get writable(): WritableStream<BufferSource> {
    return this.#stream.writable;
  }
}

/** `DecompressionStream` of the Compression standard. Truncated data, and data after the end, are errors. */
export class DecompressionStream {
  readonly #stream: TransformStream<BufferSource, Bytes>;

  constructor(format: Format) {
    const checked = formatOf(format);
    const end = endChecks[checked]();
    const native = openNative(new NativeDecompression(checked), (made) => end.make(made));
    this.#stream = new TransformStream({
      transform: (chunk, controller) => {
        // Copied because the owner of the chunk may change its bytes before they are read again.
        const bytes = bytesOfSource(chunk).slice();
        end.take(bytes);
        return native.write(bytes, controller);
      },
      flush: async (controller) => {
        await native.close(controller);
        if (!end.isReached())
          throw new TypeError(`The ${checked} data are truncated or do not match their checksum`);
      },
    });
  }

  get readable(): ReadableStream<Bytes> {
    return this.#stream.readable;
  }

  get writable(): WritableStream<BufferSource> {
    return this.#stream.writable;
  }
}

function formatOf(format: unknown): Format {
  const text = String(format);
  if (text === "gzip" || text === "deflate" || text === "deflate-raw") return text;
  throw new TypeError(
    `"${text.slice(0, 100)}" is no compression format: "gzip", "deflate" or "deflate-raw" is`,
  );
}

type Controller = TransformStreamDefaultController<Bytes>;

interface Native {
  write(bytes: Bytes, to: Controller): Promise<void>;
  close(to: Controller): Promise<void>;
}

/** Passes each chunk that one of the engine's transforms produces to the given controller. */
function openNative(
  { readable, writable }: { readonly readable: ReadableStream; readonly writable: WritableStream },
  onChunk: (made: Bytes) => void,
): Native {
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let controller: Controller | undefined;
  let pumping: Promise<void> | undefined;
  // An error of the writer is also an error of the reader, where it is handled.
  writer.closed.catch(() => {});
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = (await reader.read()) as ReadableStreamReadResult<Bytes>;
      if (done) return;
      onChunk(value);
      controller?.enqueue(value);
    }
  };
  const through = async (action: () => Promise<void>, to: Controller): Promise<void> => {
    controller = to;
    pumping ??= pump();
    pumping.catch(() => {});
    try {
      await action();
    } catch {
      // The output before the failure must arrive first.
      await pumping.catch(() => {});
      throw new TypeError("The data are not compressed as they should be, or go on behind their end");
    }
  };
  return {
    write: (bytes, to) => through(() => writer.write(bytes), to),
    close: (to) =>
      through(async () => {
        await writer.close();
        await pumping;
      }, to),
  };
}

/** Checks whether the data that the engine has decompressed was complete. */
interface EndCheck {
  /** Receives compressed bytes. */
  take(bytes: Bytes): void;
  /** Receives decompressed bytes. */
  make(bytes: Bytes): void;
  isReached(): boolean;
}

const endChecks: Readonly<Record<Format, () => EndCheck>> = {
  gzip: checkGzip,
  deflate: checkZlib,
  "deflate-raw": checkDeflate,
};

/**
 * The engine verifies the checksum. The last four bytes are the length of the uncompressed data (RFC 1952, section
 * 2.3.1).
 */
function checkGzip(): EndCheck {
  const tail = keepTail();
  let made = 0;
  return {
    take: (bytes) => tail.take(bytes),
    make: ({ length }) => void (made += length),
    isReached: () => tail.length() >= gzipMinBytes && tail.view().getUint32(0, true) === made % 2 ** 32,
  };
}

/** The engine does not verify the checksum, which is the last four bytes (RFC 1950, section 2.2). */
function checkZlib(): EndCheck {
  const tail = keepTail();
  let sum = 1;
  return {
    take: (bytes) => tail.take(bytes),
    make: (bytes) => void (sum = adler32(bytes, sum)),
    isReached: () => tail.length() >= zlibMinBytes && tail.view().getUint32(0) === sum,
  };
}

/** The format has no trailer, so the data is decoded a second time. */
function checkDeflate(): EndCheck {
  const chunks: Bytes[] = [];
  return {
    take: (bytes) => void chunks.push(bytes),
    make: () => {},
    isReached() {
      const all = concatBytes(chunks);
      return endOfDeflate(all, 0) === all.length;
    },
  };
}

/** A header, an empty block and a trailer. */
const gzipMinBytes = 10 + 2 + 8;
const zlibMinBytes = 2 + 2 + 4;

function keepTail() {
  let tail: Bytes = new Uint8Array(0);
  let length = 0;
  return {
    take(bytes: Bytes): void {
      length += bytes.length;
      tail = bytes.length >= 4 ? bytes.slice(-4) : concatBytes([tail, bytes]).slice(-4);
    },
    length: (): number => length,
    view: (): DataView => new DataView(tail.buffer, tail.byteOffset, 4),
  };
}
