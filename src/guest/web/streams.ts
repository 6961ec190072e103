/** What the engine's streams lack of the platform's, and reading a stream to its end. */

/** All bytes of a stream. @throws {TypeError} where a chunk is not a `Uint8Array` */
export async function readAll(stream: ReadableStream<unknown>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks);
    if (!(value instanceof Uint8Array)) {
      const error = new TypeError("A stream that is a body gives Uint8Array chunks, nothing else");
      void reader.cancel(error).catch(() => {});
      throw error;
    }
    chunks.push(value);
  }
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * A stream that asks for its bytes when it is first read, and gives them as one chunk, or as large ones as a BYOB
 * reader has room for. The bytes are the stream's then: nobody else may hold them.
 *
 * @param onRead told when somebody reads or cancels
 */
export function streamOfBytes(
  bytes: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
  onRead: () => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pull = async (controller: ReadableByteStreamController): Promise<void> => {
    onRead();
    const chunk = await bytes();
    if (chunk.length > 0) controller.enqueue(chunk);
    controller.close();
    // A BYOB reader that still waits gets its end only so.
    controller.byobRequest?.respond(0);
  };
  return new ReadableStream({ type: "bytes", pull, cancel: onRead });
}

/** `ReadableStream.from`: a stream of what a (possibly asynchronous) iterable gives. */
export function streamFrom<T>(iterable: Iterable<T> | AsyncIterable<T>): ReadableStream<T> {
  const iterator =
    Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(await value);
      },
      async cancel(reason) {
        await iterator.return?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** `ReadableStream.prototype.values`, and its asynchronous iterator. */
export async function* streamValues<T>(
  this: ReadableStream<T>,
  { preventCancel = false }: { readonly preventCancel?: boolean } = {},
): AsyncGenerator<T, void> {
  const reader = this.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await readOrEnd(reader, () => (ended = true));
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended && !preventCancel) await reader.cancel();
    reader.releaseLock();
  }
}

async function readOrEnd<T>(
  reader: ReadableStreamDefaultReader<T>,
  onEnd: () => void,
): Promise<ReadableStreamReadResult<T>> {
  try {
    const result = await reader.read();
    if (result.done) onEnd();
    return result;
  } catch (error) {
    onEnd();
    throw error;
  }
}

/** `TextDecoderStream` of the Encoding standard. */
export class TextDecoderStream {
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<BufferSource>;
  readonly #decoder: TextDecoder;

  constructor(label?: string, options?: TextDecoderOptions) {
    this.#decoder = new TextDecoder(label, options);
    const stream = new TransformStream<BufferSource, string>({
      transform: (chunk, controller) =>
        enqueueText(controller, this.#decoder.decode(chunk, { stream: true })),
      flush: (controller) => enqueueText(controller, this.#decoder.decode()),
    });
    this.readable = stream.readable;
    this.writable = stream.writable;
  }

  get encoding(): string {
    return this.#decoder.encoding;
  }

  get fatal(): boolean {
    return this.#decoder.fatal;
  }

  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }
}

/** `TextEncoderStream` of the Encoding standard. A surrogate pair may be split between chunks. */
export class TextEncoderStream {
  readonly encoding = "utf-8";
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<unknown>;

  constructor() {
    const encoder = new TextEncoder();
    let high = "";
    const stream = new TransformStream<unknown, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        const text = high + String(chunk);
        high = endsInHighSurrogate(text) ? text.slice(-1) : "";
        const whole = text.slice(0, text.length - high.length);
        if (whole !== "") controller.enqueue(encoder.encode(whole));
      },
      flush: (controller) => {
        if (high !== "") controller.enqueue(encoder.encode(high));
      },
    });
    this.readable = stream.readable;
    this.writable = stream.writable;
  }
}

function enqueueText(controller: TransformStreamDefaultController<string>, text: string): void {
  if (text !== "") controller.enqueue(text);
}

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
