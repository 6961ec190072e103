import { Buffer } from "node:buffer";

/** @param encoding of a string: UTF-8 where nothing is said */
export function bytesOf(data: unknown, encoding?: string): Buffer {
  if (typeof data === "string")
    return Buffer.from(data, (encoding === "buffer" ? "utf8" : encoding) as BufferEncoding);
  if (ArrayBuffer.isView(data))
    return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  throw Object.assign(
    new TypeError(
      `The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${data === null ? "null" : typeof data}`,
    ),
    { code: "ERR_INVALID_ARG_TYPE" },
  );
}

/** A Buffer, or text where an encoding is asked for. */
export function encoded(bytes: Buffer, encoding?: string): Buffer | string {
  return encoding === undefined || encoding === "buffer" ? bytes : bytes.toString(encoding as BufferEncoding);
}

/** Calls back as Node does: later, with the error first. */
export function callLater<T>(work: () => T, done: (error: Error | null, value?: T) => void): void {
  queueMicrotask(() => {
    let value: T;
    try {
      value = work();
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, value);
  });
}
