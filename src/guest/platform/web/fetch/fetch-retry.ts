/**
 * The options of `fetch` beyond the standard, with the names and defaults of ky: `retry` and `timeout`. The host
 * executes them. They are validated and completed here, so that an invalid option is a `TypeError` for the author.
 */
import { fetchTimeoutMs, maxFetchRetries } from "../../../../domain/limits.ts";
import type { RequestInit } from "./request.ts";

/**
 * The host's `timeout` as an object to spread: empty if the author set none, or a longer one than the limit.
 * Packages with a `timeout` option often pass it on to `fetch`, so longer ones are not an error.
 *
 * @throws {TypeError}
 */
export function timeoutOf(init: RequestInit | undefined): { timeout?: number } {
  const timeout = init?.["timeout"];
  if (timeout === undefined || timeout === null || timeout === false || timeout === 0) return {};
  if (typeof timeout === "number" && timeout > 0) return timeout < fetchTimeoutMs ? { timeout } : {};
  throw new TypeError(`timeout is a number of milliseconds, or false, not ${textOf(timeout)}`);
}

/** The host's `retry` as an object to spread: empty if the fetch is not retried. @throws {TypeError} */
export function retryOf(init: RequestInit | undefined): { retry?: object } {
  const given = init?.["retry"];
  if (given === undefined || given === null || given === 0 || given === false) return {};
  const options = given === true ? {} : typeof given === "number" ? { limit: given } : given;
  if (typeof options !== "object") {
    throw new TypeError(`retry is a number or an object of options, not ${textOf(given)}`);
  }
  const retry = readRetry(options as Readonly<Record<string, unknown>>);
  return retry["limit"] === 0 ? {} : { retry };
}

const defaults: Readonly<Record<string, unknown>> = {
  limit: 2,
  methods: ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"],
  statusCodes: [408, 413, 429, 500, 502, 503, 504],
  afterStatusCodes: [413, 429, 503],
  delay: 1_000,
  jitter: false,
  retryOnTimeout: false,
};

function readRetry(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const retry = { ...defaults };
  for (const name of Object.keys(given)) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined) throw unknownOption(name);
    const value = given[name];
    if (value !== undefined) retry[name] = read(value, `retry.${name}`);
  }
  return retry;
}

type Reader = (value: unknown, name: string) => unknown;

const readers: Readonly<Record<string, Reader>> = {
  limit: readLimit,
  methods: readMethods,
  statusCodes: readStatuses,
  afterStatusCodes: readStatuses,
  delay: readDuration,
  backoffLimit: readBound,
  maxRetryAfter: readBound,
  jitter: readBoolean,
  retryOnTimeout: readBoolean,
};

function unknownOption(name: string): TypeError {
  const known = Object.keys(readers).join(", ");
  return new TypeError(`retry.${textOf(name)} is not supported: there are ${known}`);
}

function readLimit(value: unknown, name: string): unknown {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxFetchRetries) return value;
  throw new TypeError(
    `${name} is a whole number from 0 to ${maxFetchRetries} (maxFetchRetries), not ${textOf(value)}`,
  );
}

function readMethods(value: unknown, name: string): unknown {
  return readList(value, `${name} is a list of HTTP methods`, (item) => typeof item === "string").map(
    (method) => String(method).toUpperCase(),
  );
}

function readStatuses(value: unknown, name: string): unknown {
  return readList(value, `${name} is a list of HTTP statuses`, Number.isInteger);
}

function readList(value: unknown, expected: string, isItem: (item: unknown) => boolean): readonly unknown[] {
  const items: unknown[] = Array.isArray(value) ? [...value] : [undefined];
  if (items.length <= maxListed && items.every(isItem)) return items;
  throw new TypeError(`${expected}, ${maxListed} at most, not ${textOf(value)}`);
}

const maxListed = 100;

/** Infinity has no JSON representation. The host treats a missing bound as unlimited. */
function readBound(value: unknown, name: string): unknown {
  return value === Infinity ? undefined : readDuration(value, name);
}

function readDuration(value: unknown, name: string): unknown {
  if (Number.isFinite(value) && (value as number) >= 0) return value;
  const hint = typeof value === "function" ? ": functions cannot leave the sandbox" : "";
  throw new TypeError(`${name} is a number of milliseconds, not ${textOf(value)}${hint}`);
}

function readBoolean(value: unknown, name: string): unknown {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} is true or false, not ${textOf(value)}`);
}

function textOf(value: unknown): string {
  if (typeof value === "function") return "a function";
  const text = typeof value === "object" && value !== null ? "an object" : String(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
