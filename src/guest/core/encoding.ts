/**
 * JSON and UTF-8 at the boundary with the host. The functions are read from the globals before any workflow is
 * loaded, so a workflow that replaces them changes nothing here.
 */
import { stringify } from "./json.ts";
import { decode as decodeInPieces } from "./text-chunks.ts";

const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
const decode = decodeInPieces.bind(new TextDecoder());
const { parse } = JSON;

export const noBytes = new Uint8Array(0);

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return encode(text);
}

/** Malformed UTF-8 becomes U+FFFD. A byte order mark is removed. */
export function decodeText(bytes: Uint8Array): string {
  return decode(bytes);
}

/** `undefined` if `value` has no JSON representation: `undefined`, a function, a symbol. */
export function toJson(
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
): string | undefined {
  return stringify(value, replacer);
}

export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(stringify(value) ?? "null");
}

/** No bytes decode to `null`. @throws {SyntaxError} if the bytes are not valid JSON */
export function decodeJson(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? null : parse(decode(bytes));
}

export function parseJson(text: string): unknown {
  return parse(text);
}
