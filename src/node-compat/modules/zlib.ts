/** `node:zlib` without Brotli and Zstandard. */
import { Buffer } from "node:buffer";
import zlib from "browserify-zlib";

type Method = (data: unknown, ...rest: unknown[]) => unknown;

const methods = zlib as unknown as Readonly<Record<string, Method>>;

/** These functions accept only a Buffer or a string. */
const takesBytes = ["deflate", "deflateRaw", "gunzip", "gzip", "inflate", "inflateRaw", "unzip"].flatMap(
  (name) => [name, `${name}Sync`],
);

export default Object.assign({}, zlib, Object.fromEntries(takesBytes.map(ofBytes)), { crc32 });

function ofBytes(name: string): readonly [string, Method] {
  const method: Method = (data, ...rest) => methods[name]?.(toBuffer(data), ...rest);
  return [name, Object.defineProperty(method, "name", { value: name, configurable: true })];
}

function toBuffer(data: unknown): unknown {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

/** The checksum of ISO 3309. */
function crc32(data: string | Uint8Array, initial = 0): number {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let crc = ~initial;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xed_b8_83_20 & -(crc & 1));
  }
  return ~crc >>> 0;
}
