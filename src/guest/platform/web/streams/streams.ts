import * as polyfill from "web-streams-polyfill";
import { structuredClone } from "../data/structured-clone.ts";
import { assertArguments } from "../../../core/interface.ts";
import { hideFields } from "./stream-fields.ts";
import type { StreamClassName } from "./stream-fields.ts";

/**
 * The streams of the Streams standard, from its reference implementation. The engine's versions lack signals, `min`
 * and `cancel` of transformers, and lose chunks that are read after a `tee`.
 */
export const streamClasses = {
  ByteLengthQueuingStrategy: polyfill.ByteLengthQueuingStrategy,
  CountQueuingStrategy: polyfill.CountQueuingStrategy,
  ReadableByteStreamController: polyfill.ReadableByteStreamController,
  ReadableStream: polyfill.ReadableStream,
  ReadableStreamBYOBReader: polyfill.ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest: polyfill.ReadableStreamBYOBRequest,
  ReadableStreamDefaultController: polyfill.ReadableStreamDefaultController,
  ReadableStreamDefaultReader: polyfill.ReadableStreamDefaultReader,
  TransformStream: polyfill.TransformStream,
  TransformStreamDefaultController: polyfill.TransformStreamDefaultController,
  WritableStream: polyfill.WritableStream,
  WritableStreamDefaultController: polyfill.WritableStreamDefaultController,
  WritableStreamDefaultWriter: polyfill.WritableStreamDefaultWriter,
} satisfies Record<StreamClassName, unknown>;

// The implementation supports engines without async generators, in which this prototype does not exist.
const iteratorPrototype = Object.getPrototypeOf(
  new polyfill.ReadableStream()[Symbol.asyncIterator](),
) as object;
const generatorPrototype = Object.getPrototypeOf((async function* () {})()) as object;
Object.setPrototypeOf(
  iteratorPrototype,
  Object.getPrototypeOf(Object.getPrototypeOf(generatorPrototype)) as object,
);
hideFields(streamClasses);

/** The reference implementation rejects with a text if the destination is not a stream. */
// oxlint-disable-next-line typescript/unbound-method -- applied to streams
const { pipeTo } = polyfill.ReadableStream.prototype;
Object.defineProperty(polyfill.ReadableStream.prototype, "pipeTo", {
  // oxlint-disable-next-line typescript/unbound-method -- it becomes a method of the prototype
  value: {
    async pipeTo(this: unknown, ...args: unknown[]): Promise<unknown> {
      assertArguments(args[0] === undefined ? 0 : 1, 1, "ReadableStream.pipeTo");
      return Reflect.apply(pipeTo, this, args);
    },
  }.pipeTo,
});

// Removed because only a draft of the standard had it.
Reflect.deleteProperty(polyfill.WritableStreamDefaultController.prototype, "abortReason");

/** Read before a workflow is loaded, so replacing them on `globalThis` changes nothing here. */
export const { ReadableStream, TransformStream } = streamClasses as unknown as {
  readonly ReadableStream: typeof globalThis.ReadableStream;
  readonly TransformStream: typeof globalThis.TransformStream;
};

export function isReadableStream(value: unknown): value is ReadableStream<unknown> {
  return value instanceof ReadableStream;
}

/** True if the stream has been read from or cancelled. */
export function isDisturbed(stream: ReadableStream<unknown>): boolean {
  return Boolean((stream as { readonly _disturbed?: boolean })._disturbed);
}

/** True if the stream was created with `type: "bytes"`. */
export function isByteStream(stream: ReadableStream<unknown>): boolean {
  const { _readableStreamController } = stream as { readonly _readableStreamController?: unknown };
  return _readableStreamController instanceof streamClasses.ReadableByteStreamController;
}

/** A new stream with the chunks of another one, which it locks. */
export function passedOn(stream: ReadableStream<unknown>): ReadableStream<unknown> {
  return stream.pipeThrough(new TransformStream<unknown, unknown>());
}

/** The same with clones of the chunks. */
export function clonedChunks(stream: ReadableStream<unknown>): ReadableStream<unknown> {
  const reader = stream.getReader();
  const pull = async (controller: ReadableStreamDefaultController<unknown>): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) controller.close();
    else controller.enqueue(structuredClone(value));
  };
  return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
}

/** All bytes of a stream. @throws {TypeError} if a chunk is not a `Uint8Array` */
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
 * A stream that obtains its bytes when it is first read. It delivers them as one chunk, or in chunks of the size
 * that a BYOB reader provides. The stream takes ownership of the bytes.
 */
export function streamOfBytes(
  bytes: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isGiven = false;
  // The bytes and the end are delivered separately. Together they would fail a BYOB reader that requests more bytes
  // than are left.
  const pull = async (controller: ReadableByteStreamController): Promise<void> => {
    const given = isGiven ? new Uint8Array(0) : bytes();
    isGiven = true;
    // Awaiting an object that is not a promise reads its `then`, which a workflow may have defined on all objects.
    const chunk = given instanceof Uint8Array ? given : await given;
    if (chunk.length > 0) return controller.enqueue(chunk);
    controller.close();
    // Without this, a pending BYOB read would never receive the end.
    controller.byobRequest?.respond(0);
  };
  return new ReadableStream({ type: "bytes", pull }, { highWaterMark: 0 });
}

/** A stream whose bytes were read directly: it has ended, and is locked by an internal reader. */
export function consumedStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ type: "bytes" });
  const reader = stream.getReader();
  void reader.cancel();
  return stream;
}
