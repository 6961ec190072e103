import type { z } from "zod";
import { DuraniumError, errorCatalogue } from "../../domain/errors.ts";
import type { ErrorCode, FieldError } from "../../domain/errors.ts";
import { maxFieldErrorLength, maxFieldErrors } from "../contract/limits.ts";

/** The part of a request that a value came from, as messages name it. */
export type Place = "body" | "query parameter" | "header" | "path";

/**
 * @throws {DuraniumError} `invalid-request` with all violations; an error with its own code, such as
 *   `invalid-workflow-id`, if that is the only one
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // Violations beyond the limit are only counted: a body may have a million of them.
  const told = issues.slice(0, maxFieldErrors).flatMap((issue) => violationsOf(issue, place));
  throw requestError(
    told,
    issues.reduce((sum, issue) => sum + countOf(issue), 0),
  );
}

/** The number of violations that an issue stands for. */
function countOf(issue: z.core.$ZodIssue): number {
  return issue.code === "unrecognized_keys" ? issue.keys.length : 1;
}

/** True if other parts of the request may still be read, so that one response reports all violations. */
export function isCollected(error: unknown): error is DuraniumError {
  return error instanceof DuraniumError && error.status === 400 && error.fields.length > 0;
}

/** Combines the errors of several parts of a request. */
export function mergeErrors(errors: readonly [DuraniumError, ...DuraniumError[]]): DuraniumError {
  const [first, ...others] = errors;
  if (others.length === 0) return first;
  const messages = errors.map(({ message }) => message.replace(refusal, ""));
  const fields = errors.flatMap((error) => error.fields).slice(0, maxFieldErrors);
  return new DuraniumError("invalid-request", `${refusal}${messages.join("; ")}`, { fields });
}

const refusal = "Cannot accept the request: ";

/**
 * An error for a rule that no schema expresses.
 *
 * @param path from the root of the body
 */
export function invalidBody(path: readonly PropertyKey[], message: string): DuraniumError {
  return requestError([violation(path, message, "body")]);
}

/**
 * Parses the query of a URL: percent-encoded UTF-8, each parameter at most once.
 *
 * @throws {DuraniumError} `invalid-request`
 */
export function readQuery(url: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of queryOf(url).split("&")) {
    if (pair === "") continue;
    const [rawName, rawValue] = splitOnce(pair);
    const name = decodeQuery(rawName, rawName);
    if (parameters.has(name)) throw invalidParameter(name, "is given twice");
    parameters.set(name, decodeQuery(rawValue, name));
  }
  return Object.fromEntries(parameters);
}

/** @throws {DuraniumError} `invalid-request` if the path of a URL is not percent-encoded UTF-8 */
export function rejectMalformedPath(url: string): void {
  const path = new URL(url).pathname;
  if (decode(path) === undefined) throw invalid(`the path ${quote(path)} is not percent-encoded UTF-8`);
}

/** Enough to fix a request, without flooding the response. */
const maxReportedIssues = 5;

/** One violation of a schema. */
interface Violation {
  readonly field: FieldError;
  /** The text that the error message of the request uses. */
  readonly text: string;
  readonly code: ErrorCode | undefined;
}

function requestError(violations: readonly Violation[], count = violations.length): DuraniumError {
  const fields = violations.slice(0, maxFieldErrors).map(({ field }) => field);
  const [first, ...others] = violations;
  if (first?.code !== undefined && others.length === 0) {
    const isOfForm = errorCatalogue[first.code].status === 400;
    return new DuraniumError(first.code, first.text, isOfForm ? { fields } : {});
  }
  const texts = violations.slice(0, maxReportedIssues).map(({ text }) => text);
  const more = count > texts.length ? `; and ${count - texts.length} more` : "";
  return new DuraniumError("invalid-request", `${refusal}${texts.join("; ")}${more}`, { fields });
}

function violationsOf(issue: z.core.$ZodIssue, place: Place): readonly Violation[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, maxFieldErrors)
      .map((key) => violation([...issue.path, key], "is not known here", place, " "));
  }
  const code = issue.code === "custom" ? (issue.params?.["code"] as ErrorCode | undefined) : undefined;
  // Such errors name their subject themselves.
  if (code !== undefined)
    return [{ ...violation(issue.path, issue.message, place), text: issue.message, code }];
  const causes = issue.code === "invalid_key" ? issue.issues : [issue];
  return causes.map(({ message }) => violation(issue.path, message, place));
}

function violation(path: readonly PropertyKey[], message: string, place: Place, separator = ": "): Violation {
  const detail = shorten(message, maxFieldErrorLength);
  const subject = path.length === 0 ? `the ${place}` : `${place} ${quote(path.join("."))}`;
  return {
    field: { detail, ...placeOf(path, place) },
    text: `${subject}${separator}${detail}`,
    code: undefined,
  };
}

function placeOf(path: readonly PropertyKey[], place: Place): Omit<FieldError, "detail"> {
  if (place === "body") return { pointer: pointerTo(path) };
  const [name] = path;
  if (name === undefined) return {};
  const text = shorten(String(name), maxFieldErrorLength);
  return place === "header" ? { header: text } : { parameter: text };
}

/** A pointer to the value, or to one of its parents if the pointer would be very long. */
function pointerTo(path: readonly PropertyKey[]): string {
  const segments = path.map(
    (key) => `/${encodeURIComponent(String(key).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"))}`,
  );
  const pointer = `#${segments.join("")}`;
  return pointer.length <= maxFieldErrorLength ? pointer : pointerTo(path.slice(0, -1));
}

function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1).replace(/#.*$/s, "");
}

function splitOnce(pair: string): readonly [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

function decodeQuery(text: string, name: string): string {
  const decoded = decode(text.replaceAll("+", " "));
  if (decoded === undefined) throw invalidParameter(name, "is not percent-encoded UTF-8");
  return decoded;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalidParameter(name: string, message: string): DuraniumError {
  return requestError([violation([name], message, "query parameter", " ")]);
}

function invalid(message: string): DuraniumError {
  return new DuraniumError("invalid-request", `${refusal}${message}`);
}

function quote(text: string): string {
  return JSON.stringify(shorten(text, 80));
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
