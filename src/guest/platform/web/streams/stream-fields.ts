import type * as polyfill from "web-streams-polyfill";

const { defineProperty } = Object;

const queue = ["_queue", "_queueTotalSize", "_started", "_strategyHWM"];
const reader = ["_ownerReadableStream", "_closedPromise", "_closedPromise_resolve", "_closedPromise_reject"];

/** The internal state that the reference implementation stores in properties of its objects. */
const fields = {
  ByteLengthQueuingStrategy: ["_byteLengthQueuingStrategyHighWaterMark"],
  CountQueuingStrategy: ["_countQueuingStrategyHighWaterMark"],
  ReadableByteStreamController: [
    ...queue,
    "_controlledReadableByteStream",
    "_pullAgain",
    "_pulling",
    "_byobRequest",
    "_closeRequested",
    "_pullAlgorithm",
    "_cancelAlgorithm",
    "_autoAllocateChunkSize",
    "_pendingPullIntos",
  ],
  ReadableStream: ["_state", "_reader", "_storedError", "_disturbed", "_readableStreamController"],
  ReadableStreamBYOBReader: [...reader, "_readIntoRequests"],
  ReadableStreamBYOBRequest: ["_associatedReadableByteStreamController", "_view"],
  ReadableStreamDefaultController: [
    ...queue,
    "_controlledReadableStream",
    "_pullAgain",
    "_pulling",
    "_closeRequested",
    "_strategySizeAlgorithm",
    "_pullAlgorithm",
    "_cancelAlgorithm",
  ],
  ReadableStreamDefaultReader: [...reader, "_readRequests"],
  TransformStream: [
    "_writable",
    "_readable",
    "_backpressure",
    "_backpressureChangePromise",
    "_backpressureChangePromise_resolve",
    "_transformStreamController",
  ],
  TransformStreamDefaultController: [
    "_controlledTransformStream",
    "_transformAlgorithm",
    "_flushAlgorithm",
    "_cancelAlgorithm",
    "_finishPromise",
    "_finishPromise_resolve",
    "_finishPromise_reject",
  ],
  WritableStream: [
    "_state",
    "_storedError",
    "_writer",
    "_writableStreamController",
    "_writeRequests",
    "_inFlightWriteRequest",
    "_closeRequest",
    "_inFlightCloseRequest",
    "_pendingAbortRequest",
    "_backpressure",
  ],
  WritableStreamDefaultController: [
    ...queue,
    "_controlledWritableStream",
    "_abortReason",
    "_abortController",
    "_strategySizeAlgorithm",
    "_writeAlgorithm",
    "_closeAlgorithm",
    "_abortAlgorithm",
  ],
  WritableStreamDefaultWriter: [
    "_ownerWritableStream",
    "_readyPromise",
    "_readyPromise_resolve",
    "_readyPromise_reject",
    "_readyPromiseState",
    "_closedPromise",
    "_closedPromise_resolve",
    "_closedPromise_reject",
    "_closedPromiseState",
  ],
} satisfies Readonly<Record<string, readonly string[]>>;

export type StreamClassName = keyof typeof fields;

/**
 * Hides these properties from `Object.keys`, `JSON.stringify` and the console, which would find a cycle in them:
 * the first assignment of each property makes it not enumerable.
 */
export function hideFields(classes: { readonly [Name in StreamClassName]: (typeof polyfill)[Name] }): void {
  for (const name of Object.keys(fields) as StreamClassName[]) {
    for (const field of fields[name]) hideField(classes[name].prototype, field);
  }
  const iterator = Object.getPrototypeOf(new classes.ReadableStream().values()) as object;
  hideField(iterator, "_asyncIteratorImpl");
}

function hideField(prototype: object, field: string): void {
  const hidden: PropertyDescriptor = {
    value: undefined,
    writable: true,
    enumerable: false,
    configurable: true,
  };
  Object.defineProperty(prototype, field, {
    set(this: object, value: unknown) {
      // The descriptor is shared, because each stream has about twenty of these properties.
      hidden.value = value;
      defineProperty(this, field, hidden);
      hidden.value = undefined;
    },
    configurable: true,
  });
}
