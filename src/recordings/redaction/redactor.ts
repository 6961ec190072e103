import { toBase64 } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import { recordedBodyOf } from "../recorded-body.ts";
import type { RecordedBody } from "../recording.ts";
import { redactionMarkers } from "../redaction-rules.ts";
import type { AppliedRedaction } from "../redaction-rules.ts";
import { bytesOf } from "./without-texts.ts";

/** Replaces values by the rules of a redaction, and collects the texts that it has replaced. */
export interface Redactor {
  /** Redacts what the pointers of bodies name. */
  readonly body: (value: JsonValue) => JsonValue;
  /** Redacts a text that may be JSON. */
  readonly bodyText: (text: string) => string;
  /** Redacts bytes in base64 that a workflow may read as JSON. */
  readonly bodyBase64: (base64: string) => string;
  /** The digest and the size become those of the redacted text. */
  readonly recordedBody: (body: RecordedBody) => RecordedBody;
  /** Redacts the values in pairs of names and values. */
  readonly headers: (value: JsonValue) => JsonValue;
  /** Redacts a value at a pointer of a body, which the rules may name or contain. */
  readonly bodyAt: (pointer: string, value: JsonValue) => JsonValue;
  readonly marker: string;
  readonly hasBodyRules: boolean;
  /** The texts that were replaced, and the parts of headers that are credentials on their own. */
  readonly found: ReadonlySet<string>;
}

type Pattern = readonly string[];

export function createRedactor({ marker, headers, body }: AppliedRedaction): Redactor {
  const names = new Set(headers);
  const patterns = body.map(tokensOf);
  const { found, leaf, text } = createReplacement(marker);

  function apply(value: JsonValue, pending: readonly Pattern[]): JsonValue {
    if (pending.some(({ length }) => length === 0)) return leaf(value);
    if (pending.length === 0 || typeof value !== "object" || value === null) return value;
    return mapped(value, (inner, name) => apply(inner, inside(pending, name)));
  }

  function headerValue(value: JsonValue): JsonValue {
    if (typeof value !== "string" || placeholderOnly.test(value)) return value;
    for (const part of value.split(/[\s;,="]+/)) if (part.length >= minFoundPartLength) text(part);
    return text(value);
  }

  function headersIn(value: JsonValue): JsonValue {
    if (!Array.isArray(value)) return value;
    return (value as readonly JsonValue[]).map((pair) => {
      const [name, given = null] = Array.isArray(pair) ? (pair as readonly JsonValue[]) : [];
      const isNamed = typeof name === "string" && names.has(name.toLowerCase());
      return isNamed ? [name, headerValue(given)] : pair;
    });
  }

  function bodyText(given: string): string {
    // A workflow reads a body without its byte order mark.
    const start = given.startsWith(byteOrderMark) ? byteOrderMark : "";
    const value = patterns.length === 0 ? undefined : parsed(given.slice(start.length));
    if (value === undefined) return given;
    const redacted = JSON.stringify(apply(value, patterns));
    return redacted === JSON.stringify(value) ? given : start + redacted;
  }

  function bodyBase64(given: string): string {
    const bytes = patterns.length === 0 ? undefined : bytesOf(given);
    if (bytes === undefined) return given;
    const read = lenientUtf8.decode(bytes);
    const redacted = bodyText(read);
    return redacted === read ? given : toBase64(new TextEncoder().encode(redacted));
  }

  return {
    marker,
    hasBodyRules: patterns.length > 0,
    found,
    body: (value) => apply(value, patterns),
    bodyText,
    bodyBase64,
    recordedBody(recorded) {
      if (recorded.text === undefined) return recorded;
      const redacted = bodyText(recorded.text);
      return redacted === recorded.text ? recorded : bodyOfText(redacted);
    },
    headers: headersIn,
    bodyAt: (pointer, value) => apply(value, tokensOf(pointer).reduce(inside, patterns)),
  };
}

/** Replaces values by what stands for them, and collects the texts among them. */
function createReplacement(marker: AppliedRedaction["marker"]) {
  const found = new Set<string>();
  const number = redactionMarkers.indexOf(marker);

  function text(value: string): string {
    if (!isMarked(value) && value.length >= minFoundLength) found.add(value);
    return marker;
  }

  function leaf(value: JsonValue): JsonValue {
    if (typeof value === "string") return text(value);
    if (typeof value === "number") return number;
    if (typeof value === "boolean") return number === 1;
    return value === null ? null : mapped(value, leaf);
  }

  return { found, text, leaf };
}

const byteOrderMark = "\uFEFF";

/** As a workflow reads text: bytes that are no UTF-8 become U+FFFD. */
const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function isMarked(text: string): boolean {
  return redactionMarkers.some((marker) => text.includes(marker));
}

/** Shorter texts are words rather than secrets. They are replaced where a rule names them, and nowhere else. */
const minFoundLength = 8;
/** Attributes of cookies, such as `SameSite`, are shorter. */
const minFoundPartLength = 12;

/** A placeholder of a secret, or its name, which the record of a request has, is none. */
const placeholderOnly = /^(?:\w+ )?secret_[A-Z][A-Z0-9_]{0,63}(?:_[0-9a-f]{32})?$/;

/** Passes what a pattern names below a member. A pattern that has ended names everything below. */
function inside(patterns: readonly Pattern[], name: string): readonly Pattern[] {
  return patterns.flatMap((pattern) => {
    const [first, ...rest] = pattern;
    if (first === undefined) return [pattern];
    return first === "*" || first === name ? [rest] : [];
  });
}

function mapped(
  value: readonly JsonValue[] | { readonly [name: string]: JsonValue },
  change: (inner: JsonValue, name: string) => JsonValue,
): JsonValue {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((inner, at) => change(inner, String(at)));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner, name)]));
}

/** The tokens of a JSON Pointer. */
function tokensOf(pointer: string): Pattern {
  const [, ...tokens] = pointer.split("/");
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

export function bodyOfText(text: string): RecordedBody {
  return recordedBodyOf(new TextEncoder().encode(text));
}
