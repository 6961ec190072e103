/**
 * Engine functions that need several times the memory of their result, applied to long inputs in chunks: their
 * buffers double, or hold two bytes for each byte. The results are joined as a rope, which is copied once, when it
 * is read.
 */
import { outOfMemoryMessage } from "./json.ts";

/* oxlint-disable typescript/unbound-method -- applied to their receivers below */
const decodeWhole = TextDecoder.prototype.decode;
const encodeBase64Whole = Uint8Array.prototype.toBase64;
const encodeHexWhole = Uint8Array.prototype.toHex;
const { isView } = ArrayBuffer;
/* oxlint-enable typescript/unbound-method */

/** Divisible by three, so that the base64 of a chunk needs no padding. */
export const pieceLength = 3 * 65_536;

/** `TextDecoder.prototype.decode` */
export function decode(
  this: TextDecoder,
  ...args: [input?: AllowSharedBufferSource, options?: TextDecodeOptions]
): string {
  const [input, options] = args;
  const byteLength = (input as ArrayBuffer | undefined)?.byteLength ?? 0;
  if (!(byteLength > pieceLength)) return Reflect.apply(decodeWhole, this, args);
  const bytes = bytesOf(input as AllowSharedBufferSource);
  let text = "";
  let start = 0;
  for (; start + pieceLength < byteLength; start += pieceLength)
    text += decodePiece(this, bytes.subarray(start, start + pieceLength), { stream: true });
  return text + decodePiece(this, bytes.subarray(start), options);
}

/** A decoder that is not fatal can only fail for lack of memory, which the engine reports as a TypeError. */
function decodePiece(decoder: TextDecoder, piece: Uint8Array, options?: TextDecodeOptions): string {
  try {
    return Reflect.apply(decodeWhole, decoder, [piece, options]);
  } catch (error) {
    // oxlint-disable-next-line typescript/only-throw-error -- what the engine throws
    throw isLenient(decoder) ? outOfMemoryMessage : error;
  }
}

/** `Uint8Array.prototype.toBase64` */
export function toBase64(this: Uint8Array, options?: Parameters<Uint8Array["toBase64"]>[0]): string {
  return inPieces(this, encodeBase64Whole, options);
}

/** `Uint8Array.prototype.toHex` */
export function toHex(this: Uint8Array): string {
  return inPieces(this, encodeHexWhole);
}

/** False for values that are not decoders. */
function isLenient({ fatal }: Partial<TextDecoder>): boolean {
  return fatal !== undefined && !fatal;
}

function inPieces(
  bytes: Uint8Array,
  encode: (this: Uint8Array, options?: object) => string,
  options?: object,
): string {
  if (!(bytes instanceof Uint8Array && bytes.length > pieceLength))
    return Reflect.apply(encode, bytes, [options]);
  let encoded = "";
  let start = 0;
  for (; start + pieceLength < bytes.length; start += pieceLength)
    encoded += Reflect.apply(encode, bytes.subarray(start, start + pieceLength), [options]);
  return encoded + Reflect.apply(encode, bytes.subarray(start), [options]);
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
