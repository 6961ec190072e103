import * as polyfill from "web-streams-polyfill";
import { structuredClone } from "../data/structured-clone.ts";
import { assertArguments } from "../../../core/interface.ts";
import { hideFields } from "./stream-fields.ts";
import type { StreamClassName } from "./stream-fields.ts";

/**
 * The streams of the Streams standard. The engine's own know no signals, no `min`, no `cancel` of transformers, and lose
 * what is read behind a `tee`; so these are those of the standard's reference implementation.
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

// The implementation knows engines without async generators, where there is no such prototype.
const iteratorPrototype = Object.getPrototypeOf(
  new polyfill.ReadableStream()[Symbol.asyncIterator](),
) as object;
const generatorPrototype = Object.getPrototypeOf((async function* () {})()) as object;
Object.setPrototypeOf(
  iteratorPrototype,
  Object.getPrototypeOf(Object.getPrototypeOf(generatorPrototype)) as object,
);
hideFields(streamClasses);

/** The reference implementation rejects with a text where a stream is missing. */
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

// Of a draft of the standard.
Reflect.deleteProperty(polyfill.WritableStreamDefaultController.prototype, "abortReason");

/** Taken before a workflow is there: one that replaces them on `globalThis` changes nothing here. */
export const { ReadableStream, TransformStream } = streamClasses as unknown as {
  readonly ReadableStream: typeof globalThis.ReadableStream;
  readonly TransformStream: typeof globalThis.TransformStream;
};

export function isReadableStream(value: unknown): value is ReadableStream<unknown> {
  return value instanceof ReadableStream;
}

/** Whether anything was ever read of a stream, or it was cancelled. */
export function isDisturbed(stream: ReadableStream<unknown>): boolean {
  return Boolean((stream as { readonly _disturbed?: boolean })._disturbed);
}

/** Whether it is made by `type: "bytes"`. */
export function isByteStream(stream: ReadableStream<unknown>): boolean {
  const { _readableStreamController } = stream as { readonly _readableStreamController?: unknown };
  return _readableStreamController instanceof streamClasses.ReadableByteStreamController;
}

/** A stream of its own with the chunks of another one, which is locked by that. */
export function passedOn(stream: ReadableStream<unknown>): ReadableStream<unknown> {
  return stream.pipeThrough(new TransformStream<unknown, unknown>());
}

/** Likewise, with clones of the chunks. */
export function clonedChunks(stream: ReadableStream<unknown>): ReadableStream<unknown> {
  const reader = stream.getReader();
  const pull = async (controller: ReadableStreamDefaultController<unknown>): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) controller.close();
    else controller.enqueue(structuredClone(value));
  };
  return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
}

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
 * reader has room for. The bytes are the stream's then: nothing else may hold them.
 */
export function streamOfBytes(
  bytes: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isGiven = false;
  // Bytes and end come one after the other: together they would fail a BYOB reader that waits for more than is left.
  const pull = async (controller: ReadableByteStreamController): Promise<void> => {
    const given = isGiven ? new Uint8Array(0) : bytes();
    isGiven = true;
    // Awaiting an object that is no promise asks it for its `then`, which a workflow may have put on all objects.
    const chunk = given instanceof Uint8Array ? given : await given;
    if (chunk.length > 0) return controller.enqueue(chunk);
    controller.close();
    // A BYOB reader that still waits gets its end only so.
    controller.byobRequest?.respond(0);
  };
  return new ReadableStream({ type: "bytes", pull }, { highWaterMark: 0 });
}

/** A stream whose bytes were taken without it: it has ended, and a reader that nobody has holds it. */
export function consumedStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ type: "bytes" });
  const reader = stream.getReader();
  void reader.cancel();
  return stream;
}
