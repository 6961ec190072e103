import { Buffer } from "node:buffer";

/** @param encoding of a string. Defaults to UTF-8 */
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

/** @throws {RangeError} Node's error if the number is not whole or out of range */
export function assertRange(
  name: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const message = `The value of "${name}" is out of range. It must be >= ${min} && <= ${max}. Received ${value}`;
  throw Object.assign(new RangeError(message), { code: "ERR_OUT_OF_RANGE" });
}

/** A Buffer, or a text if an encoding is given. */
export function encoded(bytes: Buffer, encoding?: string): Buffer | string {
  return encoding === undefined || encoding === "buffer" ? bytes : bytes.toString(encoding as BufferEncoding);
}

/** Calls the callback asynchronously with the error first, as Node does. */
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
