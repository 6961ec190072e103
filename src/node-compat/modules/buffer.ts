/**
 * `node:buffer`: npm's `buffer` with Node's additions, using the engine's codecs for base64 and hexadecimal text.
 */
import { Buffer as Base, INSPECT_MAX_BYTES, kMaxLength } from "buffer/";

type Bytes = Uint8Array<ArrayBuffer>;
/** The methods that are replaced below, with the types of their calls here. */
interface Methods {
  write(text: string, offset?: unknown, length?: unknown, encoding?: unknown): number;
  toString(encoding?: string, start?: number, end?: number): string;
}

const own = Base.prototype as unknown as Methods;
const { from: fromBefore, isEncoding: isEncodingBefore, byteLength: byteLengthBefore } = Base;
// oxlint-disable-next-line typescript/unbound-method -- applied to buffers below
const { toString: toStringBefore, write: writeBefore } = own;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function kindOf(encoding: unknown): string {
  return typeof encoding === "string" ? encoding.toLowerCase() : "utf8";
}

function isUtf8Name(kind: string): boolean {
  return kind === "utf8" || kind === "utf-8";
}

function isBase64Name(kind: string): boolean {
  return kind === "base64" || kind === "base64url";
}

/** Node's rules: both alphabets are accepted, other characters are skipped, and decoding ends at the first "=". */
function decodeBase64(text: string): Bytes {
  const [data = ""] = text.split("=", 1);
  const clean = data
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replaceAll(/[^A-Za-z0-9+/]/g, "");
  const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  return Uint8Array.fromBase64(whole, { lastChunkHandling: "loose" });
}

/** Decoding ends at the first pair that is not a number. */
function decodeHex(text: string): Bytes {
  return Uint8Array.fromHex(/^(?:[\da-f]{2})*/i.exec(text)?.[0] ?? "");
}

function encoded(text: string, kind: string): Bytes | undefined {
  if (isUtf8Name(kind)) return encoder.encode(text);
  if (kind === "hex") return decodeHex(text);
  return isBase64Name(kind) ? decodeBase64(text) : undefined;
}

function bufferOf(bytes: Bytes): Base {
  return Object.setPrototypeOf(bytes, Base.prototype) as Base;
}

Base.from = ((value: unknown, encodingOrOffset?: unknown, length?: unknown) => {
  const bytes = typeof value === "string" ? encoded(value, kindOf(encodingOrOffset)) : undefined;
  if (bytes !== undefined) return bufferOf(bytes);
  return Reflect.apply(fromBefore, Base, [value, encodingOrOffset, length]) as Base;
}) as typeof Base.from;

own.toString = function toString(this: Base, encoding, start = 0, end = this.length) {
  const kind = kindOf(encoding);
  if (isUtf8Name(kind)) return decoder.decode(this.subarray(start, end));
  if (!isBase64Name(kind)) return toStringBefore.call(this, encoding, start, end);
  const bytes = new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end);
  return kind === "base64" ? bytes.toBase64() : bytes.toBase64({ alphabet: "base64url", omitPadding: true });
};
Object.assign(own, { toLocaleString: own.toString });

own.write = function write(this: Base, text, offset, length, encoding) {
  const kind = kindOf([offset, length, encoding].find((each) => typeof each === "string"));
  if (!isBase64Name(kind) && kind !== "hex") return writeBefore.call(this, text, offset, length, encoding);
  const start = typeof offset === "number" ? offset : 0;
  const room = this.length - start;
  const decoded = kind === "hex" ? decodeHex(text) : decodeBase64(text);
  const bytes = decoded.subarray(0, typeof length === "number" ? Math.min(length, room) : room);
  this.set(bytes, start);
  return bytes.length;
};

Base.isEncoding = ((name: unknown) =>
  kindOf(name) === "base64url" ||
  (isEncodingBefore as (name: unknown) => boolean)(name)) as typeof isEncodingBefore;
Base.byteLength = (value: string, encoding?: string) => {
  if (typeof value === "string" && isBase64Name(kindOf(encoding)))
    return Math.floor((value.replace(/=+$/, "").length * 3) / 4);
  return (byteLengthBefore as (value: unknown, encoding?: unknown) => number)(value, encoding);
};

Object.assign(Base, {
  copyBytesFrom: (view: Uint8Array, offset = 0, length = view.length - offset) => {
    const part = view.subarray(offset, offset + length);
    return bufferOf(new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice());
  },
});

// Packages identify a Buffer by this name, and bundling renames functions that have the name of a global.
Object.defineProperty(Base, "name", { value: "Buffer" });

export const Buffer = Base;
export { INSPECT_MAX_BYTES, kMaxLength };
export const kStringMaxLength = 0x1fff_ffe8;
export const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength };
export const { atob, btoa, Blob, File } = globalThis;

export function isUtf8(input: Uint8Array | ArrayBuffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(input);
    return true;
  } catch {
    return false;
  }
}

export function isAscii(input: Uint8Array | ArrayBuffer): boolean {
  return new Uint8Array(input).every((byte) => byte < 0x80);
}

export function transcode(source: Uint8Array, from: string, to: string): Base {
  return Base.from(Base.from(source).toString(from as BufferEncoding), to as BufferEncoding);
}
