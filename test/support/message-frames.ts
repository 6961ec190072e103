/**
 * The messages of Restate's service protocol, as they go over a connection: eight bytes of type, flags and
 * length, then so many bytes (https://github.com/restatedev/service-protocol).
 */
export const messageHeaderBytes = 8;

/** The whole messages that bytes begin with, headers included, and what is left of them. */
export function splitMessages(bytes: Buffer): { readonly whole: readonly Buffer[]; readonly rest: Buffer } {
  const whole: Buffer[] = [];
  let rest = bytes;
  for (let size = sizeOf(rest); size <= rest.length; size = sizeOf(rest)) {
    whole.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { whole, rest };
}

/** Of the first message; of one whose header is not there yet, that of a header. */
function sizeOf(bytes: Buffer): number {
  return bytes.length < messageHeaderBytes ? messageHeaderBytes : messageHeaderBytes + bytes.readUInt32BE(4);
}
