/** `node:zlib` without Brotli and Zstandard. */
import zlib from "browserify-zlib";

export default Object.assign({}, zlib, { crc32 });

/** ISO 3309. */
function crc32(data: string | Uint8Array, initial = 0): number {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let crc = ~initial;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xed_b8_83_20 & -(crc & 1));
  }
  return ~crc >>> 0;
}
