/**
 * The messages of Restate's service protocol on the wire: eight bytes with type, flags and length, followed by that
 * many bytes (https://github.com/restatedev/service-protocol).
 */
export const messageHeaderBytes = 8;

/** The complete messages at the start of the bytes, including headers, and the remaining bytes. */
export function splitMessages(bytes: Buffer): { readonly whole: readonly Buffer[]; readonly rest: Buffer } {
  const whole: Buffer[] = [];
  let rest = bytes;
  for (let size = sizeOf(rest); size <= rest.length; size = sizeOf(rest)) {
    whole.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { whole, rest };
}

/** The size of the first message, or of a header if its header is incomplete. */
function sizeOf(bytes: Buffer): number {
  return bytes.length < messageHeaderBytes ? messageHeaderBytes : messageHeaderBytes + bytes.readUInt32BE(4);
}
