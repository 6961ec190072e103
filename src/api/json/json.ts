import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxJsonDepth } from "../../domain/limits.ts";

/**
 * The value of a JSON text (RFC 8259) that is nested no deeper than `maxJsonDepth`, without numbers that are
 * infinite as doubles.
 *
 * @throws {DuraniumError} `invalid-json`, with the line and column where the text stops being JSON
 */
export function parseJson(text: string): JsonValue {
  const tooDeep = findTooDeep(text, maxJsonDepth);
  if (tooDeep !== undefined) {
    throw invalidJson(text, tooDeep, `it is nested deeper than ${maxJsonDepth} levels`);
  }
  const value = parseSyntax(text);
  const tooLarge = findTooLarge(text);
  if (tooLarge !== undefined) {
    throw invalidJson(text, tooLarge, "a number is larger than a double can be, which would make it null");
  }
  return value;
}

function parseSyntax(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const offset = findSyntaxError(text) ?? 0;
    throw invalidJson(text, offset, describeUnexpected(text, offset), error);
  }
}

/** An exponent of three digits, or more digits than the largest double has: what has neither is finite. */
const largeNumber = /\d[eE]\+?\d{3}/;
const maxDoubleDigits = 308;
/** What only looks like a number, because it is in a string, is matched with the string. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Counted by hand: a pattern for many digits begins again at each digit of a run. */
function hasManyDigits(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    digits = code >= 0x30 && code <= 0x39 ? digits + 1 : 0;
    if (digits > maxDoubleDigits) return true;
  }
  return false;
}

/** Where a number stands that is infinite as a double; the text is JSON. */
function findTooLarge(text: string): number | undefined {
  if (!largeNumber.test(text) && !hasManyDigits(text)) return undefined;
  for (const { 0: token, index } of text.matchAll(stringOrNumber)) {
    if (!token.startsWith('"') && !Number.isFinite(Number(token))) return index;
  }
  return undefined;
}

/**
 * Where a text stops being the beginning of any JSON: an offset in UTF-16 code units, which is the text's
 * length when it only ends too early. `undefined` where the text is JSON.
 *
 * `JSON.parse` knows the place too, but tells it in some of its messages only. This one keeps its own
 * stack, so that no nesting can exhaust the native one.
 */
export function findSyntaxError(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = skipWhitespace(text, at);
    if (expected === "end") return at === text.length ? undefined : at;
    const token = readToken(text, at);
    if (token.end === undefined) return token.failedAt;
    const next = step(expected, token.kind, open);
    if (next === undefined) return at;
    expected = next;
    at = token.end;
  }
}

type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or ]" | ", or }" | "end";

type TokenKind = "{" | "}" | "[" | "]" | ":" | "," | "string" | "literal";

type Token =
  | { readonly kind: TokenKind; readonly end: number }
  | { readonly end: undefined; readonly failedAt: number };

/** What may follow `token`, or `undefined` where it may not be here. Keeps `open` up to date. */
function step(expected: Expected, token: TokenKind, open: ("{" | "[")[]): Expected | undefined {
  if (expected === ":") return token === ":" ? "value" : undefined;
  if (expected.startsWith("key")) {
    if (token === "string") return ":";
    return token === "}" && expected === "key or }" ? close(open) : undefined;
  }
  if (expected.startsWith(",")) {
    if (token === ",") return expected === ", or }" ? "key" : "value";
    return expected.endsWith(token) ? close(open) : undefined;
  }
  if (token === "string" || token === "literal") return afterValue(open);
  if (token === "]" && expected === "value or ]") return close(open);
  if (token !== "{" && token !== "[") return undefined;
  open.push(token);
  return token === "{" ? "key or }" : "value or ]";
}

function close(open: ("{" | "[")[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly ("{" | "[")[]): Expected {
  const container = open.at(-1);
  if (container === undefined) return "end";
  return container === "{" ? ", or }" : ", or ]";
}

function readToken(text: string, at: number): Token {
  const character = text[at] ?? "";
  if (character !== "" && "{}[]:,".includes(character)) {
    return { kind: character as TokenKind, end: at + 1 };
  }
  if (character === '"') return readString(text, at + 1);
  return readLiteral(text, at);
}

const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function readString(text: string, start: number): Token {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { kind: "string", end: at + 1 };
    if (code < 0x20) break;
    if (code !== 0x5c) {
      at += 1;
      continue;
    }
    escapePattern.lastIndex = at;
    if (!escapePattern.test(text)) break;
    at = escapePattern.lastIndex;
  }
  return { end: undefined, failedAt: at };
}

const literalPattern = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

function readLiteral(text: string, at: number): Token {
  literalPattern.lastIndex = at;
  if (!literalPattern.test(text)) return { end: undefined, failedAt: at };
  return { kind: "literal", end: literalPattern.lastIndex };
}

function skipWhitespace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at += 1;
  return at;
}

/** Where the nesting exceeds `maxDepth`. Looks at brackets outside strings only, whatever the syntax. */
function findTooDeep(text: string, maxDepth: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return at;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return undefined;
}

function describeUnexpected(text: string, offset: number): string {
  const codePoint = text.codePointAt(offset);
  if (codePoint === undefined) return "it ends too early";
  return `unexpected ${JSON.stringify(String.fromCodePoint(codePoint))}`;
}

function invalidJson(text: string, offset: number, message: string, cause?: unknown): DuraniumError {
  const { line, column } = positionOf(text, offset);
  return new DuraniumError(
    "invalid-json",
    `Cannot read the body as JSON: ${message} at line ${line}, column ${column}`,
    { cause, diagnostics: [{ message, line, column }] },
  );
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
