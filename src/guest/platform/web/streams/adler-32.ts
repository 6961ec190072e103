const modulus = 65_521;
/** The largest number of bytes after which both sums still fit into 31 bits. */
const blockBytes = 3_800;

/** The checksum of RFC 1950, section 8.2, continued from `sum`, whose initial value is 1. */
export function adler32(bytes: Uint8Array, sum: number): number {
  let low = sum & 0xffff;
  let high = sum >>> 16;
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const end = Math.min(start + blockBytes, bytes.length);
    for (let index = start; index < end; index += 1) {
      low += bytes[index] as number;
      high += low;
    }
    low %= modulus;
    high %= modulus;
  }
  return high * 65_536 + low;
}
