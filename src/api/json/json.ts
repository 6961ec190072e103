import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxJsonDepth } from "../../domain/limits.ts";

/**
 * Parses a JSON text (RFC 8259) that nests at most `maxJsonDepth` levels and has no number beyond the range of a double.
 *
 * @throws {DuraniumError} `invalid-json`, with the message of `JSON.parse`, and its line and column if it names them
 */
export function parseJson(text: string): JsonValue {
  if (isTooDeep(text)) throw invalidJson(`it is nested deeper than ${maxJsonDepth} levels`);
  const value = parseSyntax(text);
  const tooLarge = findTooLarge(text);
  if (tooLarge !== undefined) {
    throw invalidJson(`the number ${abbreviated(tooLarge)} is larger than a double can be`);
  }
  return value;
}

function parseSyntax(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw invalidJson((error as Error).message, error);
  }
}

/** Counts brackets outside strings, whatever the syntax, so that no nesting can exhaust the stack of a later reader. */
function isTooDeep(text: string): boolean {
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
      if (depth > maxJsonDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** A number with neither an exponent of three digits nor more digits than the largest double has is finite. */
const largeExponent = /\d[eE]\+?\d{3}/;
const maxDoubleDigits = 308;
const numberAt = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The first number of a valid JSON text that is infinite as a double, and would become `null` when written again. */
function findTooLarge(text: string): string | undefined {
  if (!largeExponent.test(text) && !hasManyDigits(text)) return undefined;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (isDigit(code)) {
      numberAt.lastIndex = at;
      const [number = ""] = numberAt.exec(text) ?? [];
      if (!Number.isFinite(Number(number))) return text[at - 1] === "-" ? `-${number}` : number;
      at += number.length - 1;
    }
  }
  return undefined;
}

/** A loop, because a pattern for a string of several megabytes overflows the stack. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A loop, because a pattern for many digits would start again at each digit of a run. */
function hasManyDigits(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    digits = isDigit(code) ? digits + 1 : 0;
    if (digits > maxDoubleDigits) return true;
  }
  return false;
}

function abbreviated(number: string): string {
  return number.length <= 20 ? number : `${number.slice(0, 20)}…`;
}

/** V8 appends the position to most messages about damaged texts, but not to those that quote the text. */
const positionInMessage = / \(line (?<line>\d+) column (?<column>\d+)\)$/;

function invalidJson(message: string, cause?: unknown): DuraniumError {
  const { line, column } = positionInMessage.exec(message)?.groups ?? {};
  const diagnostics =
    line === undefined || column === undefined
      ? []
      : [{ message, line: Number(line), column: Number(column) }];
  return new DuraniumError("invalid-json", `Cannot read the body as JSON: ${message}`, {
    cause,
    diagnostics,
  });
}
