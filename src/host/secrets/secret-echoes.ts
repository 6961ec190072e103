import { toBase64, toHex } from "../../base/bytes.ts";

/** Returns the encodings in which a server may echo a value, as bytes. */
const echoes: readonly ((value: string) => readonly string[])[] = [
  (value) => [value],
  percentEncoded,
  (value) => [insideJson(value), insideJson(value).replaceAll("/", "\\/"), asciiJson(value)],
  (value) => [value.replaceAll(/[&<>"']/g, (character) => htmlEntities[character] ?? character)],
  (value) => [toHex(utf8(value)), toHex(utf8(value)).toUpperCase()],
  (value) => [toBase64(utf8(value)), asBase64Url(toBase64(utf8(value))).replaceAll("=", "")],
  insideBase64,
];

/** Returns each distinct form in UTF-8, and in Latin-1 for headers. */
export function echoesOf(value: string): readonly Uint8Array[] {
  const forms = [...new Set(echoes.flatMap((echo) => echo(value)))].filter((echo) => echo !== "");
  return forms.flatMap((form) => (isLatin1Only(form) ? [utf8(form), latin1(form)] : [utf8(form)]));
}

/** Returns the content of the JSON string. */
export function insideJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function percentEncoded(value: string): readonly string[] {
  const encoded = encodeURIComponent(value);
  const inLowerCase = encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, encoded.replaceAll("%20", "+"), inLowerCase];
}

/** Escapes all characters outside ASCII, as some JSON serializers do. */
function asciiJson(value: string): string {
  return insideJson(value).replaceAll(
    // oxlint-disable-next-line no-control-regex -- all that is no ASCII
    /[^\u0000-\u007f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const htmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Returns how a value appears inside of base64, for example after the user name in `Basic` credentials: the characters that
 * depend on the value alone, for each of its three alignments.
 */
function insideBase64(value: string): readonly string[] {
  const bytes = utf8(value);
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)];
    const own = toBase64(padded).slice(start, end);
    return [own, asBase64Url(own)];
  });
}

function asBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/** True if the text has characters outside ASCII and none outside Latin-1. */
function isLatin1Only(text: string): boolean {
  return /[\u0080-\u00ff]/.test(text) && !/[\u0100-\uffff]/.test(text);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
