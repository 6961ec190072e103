/**
 * Converts any value to human-readable JSON for the console. It never throws, whatever a value's getters, proxies
 * and `toJSON` do, and its depth and size are bounded.
 */
import { describeStack } from "./error-stack.ts";
import { ownMap } from "./primordials.ts";
import { authorFrames } from "./stack.ts";

const maxDepth = 6;
const maxEntries = 200;

/**
 * - Errors become `{name, message, stack}` with their other own properties, the stack in V8's format.
 * - Dates become ISO texts. Maps, sets and headers become `{"[Map]": …}`, `{"[Set]": …}` and `{"[Headers]": …}`,
 *   URLs their text, and binary data `[Uint8Array(3)]`.
 * - Values without a JSON representation become text: `10n`, `[Function: total]`, `[Circular]`, `NaN`, `undefined`.
 * - `maxLength` bounds the total number of characters. Truncated text ends in `…`.
 */
export function printable(value: unknown, maxLength: number): unknown {
  return printValue(value, { left: maxLength, above: [] });
}

/** The start of the message of a thrown value, or its type. */
export function messageOfThrown(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : typeof thrown;
    return String(message).slice(0, 200);
  } catch {
    return "an error";
  }
}

interface Budget {
  /** Characters that may still be written. */
  left: number;
  /** The objects that contain the current one. */
  readonly above: object[];
}

function printValue(value: unknown, budget: Budget): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return printNumber(value, budget);
  if (typeof value === "bigint") return printText(`${value}n`, budget);
  if (typeof value === "string") return printText(value, budget);
  if (typeof value === "undefined" || typeof value === "symbol") return printText(String(value), budget);
  if (budget.left <= 0) return "…";
  if (budget.above.includes(value)) return "[Circular]";
  return printGuarded(value, budget);
}

function printText(text: string, budget: Budget): string {
  const kept = Math.max(0, Math.min(text.length, budget.left));
  budget.left -= kept + 2;
  return kept === text.length ? text : `${text.slice(0, kept)}… (${text.length - kept} more characters)`;
}

function printNumber(value: number, budget: Budget): unknown {
  const text = printText(String(value), budget);
  return Number.isFinite(value) ? value : text;
}

function printGuarded(value: object, budget: Budget): unknown {
  const depth = budget.above.push(value);
  try {
    return printObject(value, budget);
  } catch (error) {
    return `[unreadable: ${messageOfThrown(error)}]`;
  } finally {
    budget.above.length = depth - 1;
  }
}

function printObject(value: object, budget: Budget): unknown {
  if (typeof value === "function") return printText(`[Function: ${nameOf(value)}]`, budget);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return printText(String(value), budget);
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return tagOf(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${tagName(value)}(${value.byteLength})]`;
  if (budget.above.length > maxDepth) return Array.isArray(value) ? "[Array]" : tagOf(value);
  if (Array.isArray(value)) return printList(value, budget);
  if (value instanceof Map) return { "[Map]": printList([...value], budget) };
  if (value instanceof Set) return { "[Set]": printList([...value], budget) };
  if (value instanceof Error) return printError(value, budget);
  const printPlatform = platformPrinters.get(tagName(value));
  if (printPlatform !== undefined) return printPlatform(value, budget);
  const keys = Object.keys(value);
  return keys.length === 0 && tagName(value) !== "Object" ? tagOf(value) : printRecord(value, keys, budget);
}

type Printer = (value: object, budget: Budget) => unknown;

/** The data of platform objects is not in their properties. They are found by tag, which any object can define. */
const platformPrinters = ownMap<string, Printer>();
for (const name of ["URL", "URLSearchParams"]) {
  platformPrinters.set(name, (value, budget) => printText((value as URL).toString(), budget));
}
for (const name of ["Headers", "FormData"]) {
  platformPrinters.set(name, (value, budget) => ({
    [`[${name}]`]: printList([...(value as Iterable<unknown>)], budget),
  }));
}
for (const name of ["Blob", "File"]) {
  platformPrinters.set(name, (value) => `[${name}(${Number(Reflect.get(value, "size"))})]`);
}
for (const [name, keys] of [
  ["Request", ["method", "url", "headers"]],
  ["Response", ["status", "url", "headers"]],
] as const) {
  platformPrinters.set(name, (value, budget) => ({ [`[${name}]`]: printRecord(value, keys, budget) }));
}

function nameOf(value: object): string {
  const name = Reflect.get(value, "name") as unknown;
  return typeof name === "string" && name !== "" ? name : "anonymous";
}

function printList(list: readonly unknown[], budget: Budget): unknown[] {
  const shown: unknown[] = [];
  for (const item of list.slice(0, maxEntries)) {
    if (budget.left <= 0) break;
    shown.push(printValue(item, budget));
    budget.left -= 2;
  }
  const rest = list.length - shown.length;
  return rest === 0 ? shown : [...shown, `… (${rest} more)`];
}

function printError(error: Error, budget: Budget): unknown {
  const { name, message, stack = "" } = error;
  const isForeign = stack !== "" && authorFrames(stack) === "";
  const shown = { name, message, stack: isForeign ? stack : describeStack(error, stack) };
  const others = Object.keys(error).filter((key) => !(key in shown) && !hidden.includes(key));
  const more = printRecord(error, [...others, ...hidden.filter((key) => key in error)], budget);
  return { ...printRecord(shown, Object.keys(shown), budget), ...more };
}

/** Properties of errors that are not enumerable. */
const hidden: readonly string[] = ["cause", "errors"];

function printRecord(value: object, keys: readonly string[], budget: Budget): Record<string, unknown> {
  const shown: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let written = 0;
  for (const key of keys.slice(0, maxEntries)) {
    if (budget.left <= 0) break;
    shown[printText(key, budget)] = printProperty(value, key, budget);
    written += 1;
  }
  if (written < keys.length) shown["…"] = `${keys.length - written} more`;
  return shown;
}

function printProperty(value: object, key: string, budget: Budget): unknown {
  try {
    return printValue(Reflect.get(value, key), budget);
  } catch (error) {
    return `[unreadable: ${messageOfThrown(error)}]`;
  }
}

function tagOf(value: object): string {
  return `[${tagName(value)}]`;
}

function tagName(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
