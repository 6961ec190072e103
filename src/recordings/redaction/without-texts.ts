import { fromBase64, fromLatin1, toBase64, toLatin1 } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import { redactionMarkers } from "../redaction-rules.ts";

/**
 * Replaces texts in every string and every name of a value: as they are, as they are in JSON and in URLs, and within base64.
 *
 * @param texts the longest first, because others may be a part of them
 */
export function withoutTexts<Value>(
  value: Value,
  texts: readonly string[],
  marker: string = redactionMarkers[0],
): Value {
  if (texts.length === 0) return value;
  const forms = formsOf(texts);
  const patterns = patternsOf(forms);
  const inBytes = patternsOf(forms.map(latin1Of));
  const clean = (text: string) =>
    replaced(text, patterns, marker).replaceAll(base64Run, (run) => withoutTextsInRun(run, inBytes, marker));
  return inStrings(value as JsonValue, clean) as Value;
}

/** Replaces texts in bytes, in UTF-8. Anything else than base64 stays as it is. */
export function withoutTextsInBase64(base64: string, texts: readonly string[], marker: string): string {
  const bytes = bytesOf(base64);
  if (bytes === undefined) return base64;
  const patterns = patternsOf(formsOf(texts).map(latin1Of));
  return encodedWithout(bytes, patterns, marker) ?? base64;
}

/** What base64 of at least eight bytes can be, with the letters of URLs as well. */
const base64Run = /[A-Za-z0-9+/_-]{11,}={0,2}/g;

/** What precedes base64 can have the same letters, such as the path of a URL, so it is read from each of its first letters. */
function withoutTextsInRun(run: string, patterns: readonly RegExp[], marker: string): string {
  const letters = run.replace(/=+$/, "");
  const isOfUrl = /[-_]/.test(letters);
  const plain = isOfUrl ? letters.replaceAll("-", "+").replaceAll("_", "/") : letters;
  for (let start = 0; start < 4; start += 1) {
    // A single letter at the end encodes no byte.
    const end = (plain.length - start) % 4 === 1 ? plain.length - 1 : plain.length;
    const part = plain.slice(start, end);
    const bytes = bytesOf(part.padEnd(Math.ceil(part.length / 4) * 4, "="));
    const clean = bytes === undefined ? undefined : encodedWithout(bytes, patterns, marker);
    if (clean === undefined) continue;
    const encoded = letters === run ? clean.replace(/=+$/, "") : clean;
    const own = isOfUrl ? encoded.replaceAll("+", "-").replaceAll("/", "_") : encoded;
    return letters.slice(0, start) + own + letters.slice(end);
  }
  return run;
}

/** @returns undefined if the bytes contain none of the texts */
function encodedWithout(bytes: Uint8Array, patterns: readonly RegExp[], marker: string): string | undefined {
  const before = toLatin1(bytes);
  const after = replaced(before, patterns, marker);
  return after === before ? undefined : toBase64(fromLatin1(after));
}

function latin1Of(text: string): string {
  return toLatin1(new TextEncoder().encode(text));
}

/** A recording may come from anywhere. */
export function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}

function inStrings(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((inner) => inStrings(inner, change));
  // Optional members of a recording can be undefined.
  const members = Object.entries(value as { readonly [name: string]: JsonValue | undefined });
  return Object.fromEntries(
    members.flatMap(([name, inner]) =>
      inner === undefined ? [] : [[change(name), inStrings(inner, change)] as const],
    ),
  );
}

function replaced(text: string, patterns: readonly RegExp[], marker: string): string {
  return patterns.reduce((rest, pattern) => rest.replaceAll(pattern, marker), text);
}

function formsOf(texts: readonly string[]): readonly string[] {
  const forms = [
    (text: string) => text,
    (text: string) => JSON.stringify(text).slice(1, -1),
    (text: string) => encodeURIComponent(text.toWellFormed()),
    (text: string) => encodeURI(text.toWellFormed()),
    (text: string) => new URLSearchParams([["", text]]).toString().slice(1),
  ];
  return [...new Set(texts.flatMap((text) => forms.map((form) => form(text))))];
}

/** Texts of one regular expression. */
const textsPerPattern = 500;

function patternsOf(forms: readonly string[]): readonly RegExp[] {
  const patterns: RegExp[] = [];
  for (let at = 0; at < forms.length; at += textsPerPattern) {
    const some = forms.slice(at, at + textsPerPattern).map(escaped);
    patterns.push(new RegExp(some.join("|"), "g"));
  }
  return patterns;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
