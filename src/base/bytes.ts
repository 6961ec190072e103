/** Conversions between bytes and text that work in Node and in browsers. */

/** Returns the length of a text in UTF-8. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param hex pairs of hexadecimal digits */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** Returns one character for each byte, U+0000 to U+00FF. */
export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  // In parts, because a call with too many arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

/** @param text of the characters U+0000 to U+00FF; other characters are reduced to their low byte */
export function fromLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** @param text ASCII. The search is fast if its last character is rare in the bytes */
export function includesAscii(bytes: Uint8Array, text: string): boolean {
  const wanted = fromLatin1(text);
  const last = wanted.length - 1;
  for (
    let at = bytes.indexOf(wanted[last] ?? 0, last);
    at !== -1;
    at = bytes.indexOf(wanted[last] ?? 0, at + 1)
  )
    if (wanted.every((byte, index) => bytes[at - last + index] === byte)) return true;
  return false;
}

/** Encodes base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  // The built-in method is faster. Node 24 does not have it.
  return (bytes as NewerBytes).toBase64?.() ?? btoa(toLatin1(bytes));
}

/** @throws {Error} if the text is not base64. White space and missing padding are ignored */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return (Uint8Array as unknown as NewerBytesConstructor).fromBase64?.(text) ?? fromLatin1(atob(text));
}

interface NewerBytes {
  toBase64?(): string;
}

interface NewerBytesConstructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}
