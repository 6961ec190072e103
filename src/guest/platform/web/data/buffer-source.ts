/** The bytes of an `ArrayBuffer` or a view of one, not copied. @throws {TypeError} for other values */
export function bytesOfSource(source: unknown): Uint8Array<ArrayBuffer> {
  if (isBuffer(source)) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
  }
  throw new TypeError("The chunk is neither an ArrayBuffer nor a view of one");
}

function isBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer;
}
