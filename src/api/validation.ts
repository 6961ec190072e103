import type { z } from "zod";
import { DuraniumError } from "../domain/errors.ts";

/** Where a value came from, as messages name it. */
export type Place = "body" | "query parameter" | "header" | "path";

/** @throws {DuraniumError} `invalid-request`, which names each thing that is wrong */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, maxIssuesTold).map((issue) => describe(issue, place));
  throw new DuraniumError("invalid-request", `Cannot accept the request: ${issues.join("; ")}`);
}

/**
 * The query of a URL: each parameter once, percent-encoded UTF-8.
 *
 * @throws {DuraniumError} `invalid-request`
 */
export function readQuery(url: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of queryOf(url).split("&")) {
    if (pair === "") continue;
    const [rawName, rawValue] = splitOnce(pair);
    const name = decodeQuery(rawName, rawName);
    if (parameters.has(name)) throw invalid(`query parameter ${quote(name)} is given twice`);
    parameters.set(name, decodeQuery(rawValue, name));
  }
  return Object.fromEntries(parameters);
}

/** @throws {DuraniumError} `invalid-request` where the path of a URL is not percent-encoded UTF-8 */
export function refuseMalformedPath(url: string): void {
  const path = new URL(url).pathname;
  if (decode(path) === undefined) throw invalid(`the path ${quote(path)} is not percent-encoded UTF-8`);
}

/** Enough to mend a request by, and no flood. */
const maxIssuesTold = 5;

function describe(issue: z.core.$ZodIssue, place: Place): string {
  if (issue.code === "unrecognized_keys") {
    return `${place} ${issue.keys.slice(0, maxIssuesTold).map(quote).join(", ")} is not known here`;
  }
  const path = issue.path.join(".");
  const subject = path === "" ? `the ${place}` : `${place} ${quote(path)}`;
  const cause = issue.code === "invalid_key" ? issue.issues[0] : issue;
  return `${subject}: ${cause?.message ?? issue.message}`;
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
  if (decoded === undefined) throw invalid(`query parameter ${quote(name)} is not percent-encoded UTF-8`);
  return decoded;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalid(message: string): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot accept the request: ${message}`);
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
