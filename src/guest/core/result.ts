/** JSON of the values that leave a workflow: its result, payloads for other workflows, values of its state. */
import { encodeText, toJson } from "./encoding.ts";
import { outOfMemoryMessage } from "./json.ts";
import { messageOfThrown } from "./printable.ts";

/**
 * The bytes of the value that `run` returned. `undefined` becomes `null`. Inside of objects and lists, JSON's rules
 * apply: `undefined` and functions are omitted, `toJSON` is called. `NaN` and infinite numbers, which those rules
 * would turn into `null`, are rejected.
 *
 * @throws {TypeError} naming the first part of the result that has no JSON representation
 */
export function encodeResult(result: unknown): Uint8Array<ArrayBuffer> {
  if (result === undefined) return encodeText("null");
  const json = toStrictJson(result, "result", "The result of run()");
  if (json !== undefined) return encodeText(json);
  throw new TypeError(`The result of run() is not JSON: result is ${kindOf(result)}`);
}

/**
 * `undefined` if `value` has no JSON representation.
 *
 * @param root the name of the value in paths
 * @param what the name of the value in errors
 * @throws {TypeError} naming the first part of the value that has no JSON representation
 */
export function toStrictJson(value: unknown, root: string, what: string): string | undefined {
  try {
    const json = toJson(value);
    // JSON writes numbers that it cannot represent as null.
    if (json?.includes("null") !== true || isAllFinite(value)) return json;
  } catch (error) {
    if (error === outOfMemoryMessage) throw error;
    const place = findFault(value, root, []) ?? "a part of it cannot be read";
    throw new TypeError(`${what} is not JSON: ${place}`, { cause: error });
  }
  throw new TypeError(`${what} is not JSON: ${findFault(value, root, []) ?? "a number in it is not finite"}`);
}

function isAllFinite(value: unknown): boolean {
  let isFinite = true;
  toJson(value, (_key, item: unknown) => {
    if (isNonFinite(item)) isFinite = false;
    return item;
  });
  return isFinite;
}

function isNonFinite(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

/** Depth to which the search for the invalid part goes. */
const maxDepth = 200;
const maxBreadth = 100_000;

/** A sentence like `result.items[3].total is a BigInt`, about the first value that JSON cannot represent. */
function findFault(value: unknown, path: string, above: readonly unknown[]): string | undefined {
  if (typeof value === "bigint" && !("toJSON" in BigInt.prototype)) return `${path} is a BigInt`;
  if (isNonFinite(value)) return `${path} is ${String(value)}`;
  if (typeof value !== "object" || value === null || above.length > maxDepth) return undefined;
  if (above.includes(value)) return `${path} is an object that contains itself`;
  return findFaultInside(value, path, [...above, value]);
}

function findFaultInside(value: object, path: string, above: readonly unknown[]): string | undefined {
  const keys = keysOf(value);
  if (keys === undefined) return `${path} cannot be read`;
  for (const key of keys) {
    const part = pathOf(path, key, Array.isArray(value));
    const read = readProperty(value, key);
    const fault = read.ok
      ? findFault(jsonFormOf(read.value), part, above)
      : `${part} throws: ${read.message}`;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function keysOf(value: object): string[] | undefined {
  try {
    return Object.keys(value).slice(0, maxBreadth);
  } catch {
    return undefined;
  }
}

type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

function readProperty(value: object, key: string): Read {
  try {
    return { ok: true, value: Reflect.get(value, key) };
  } catch (error) {
    return {
      ok: false,
      message: messageOfThrown(error),
    };
  }
}

/** The result of a working `toJSON`, if the value has one. */
function jsonFormOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  try {
    const toJSON = Reflect.get(value, "toJSON") as unknown;
    return typeof toJSON === "function" ? (Reflect.apply(toJSON, value, []) as unknown) : value;
  } catch {
    return value;
  }
}

const identifier = /^[A-Za-z_$][\w$]{0,99}$/;

function pathOf(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  return identifier.test(key) ? `${path}.${key}` : `${path}[${toJson(key.slice(0, 100))}]`;
}

function kindOf(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  return "an object whose toJSON() gives nothing";
}
