/** JSON of what leaves a workflow: its result, payloads for others, values of its state. */
import { encodeText, toJson } from "./encoding.ts";
import { outOfMemoryMessage } from "./json.ts";
import { messageOfThrown } from "./printable.ts";

/**
 * The bytes of what `run` returned; nothing (`undefined`) is `null`. Inside of objects and lists JSON's own
 * rules hold: `undefined` and functions are left out, `toJSON` is called. `NaN` and infinite numbers, which those rules turn into
 * `null`, are refused.
 *
 * @throws {TypeError} saying where in the result something is no JSON
 */
export function encodeResult(result: unknown): Uint8Array<ArrayBuffer> {
  if (result === undefined) return encodeText("null");
  const json = toStrictJson(result, "result", "The result of run()");
  if (json !== undefined) return encodeText(json);
  throw new TypeError(`The result of run() is not JSON: result is ${kindOf(result)}`);
}

/**
 * `undefined` where `value` has no form in JSON.
 *
 * @param root the name of the value in paths
 * @param what the value is called in errors
 * @throws {TypeError} saying where in it something is no JSON
 */
export function toStrictJson(value: unknown, root: string, what: string): string | undefined {
  try {
    const json = toJson(value);
    // A number that JSON has no form for is null there.
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

/** How far the search for the fault goes. */
const maxDepth = 200;
const maxBreadth = 100_000;

/** A sentence like `result.items[3].total is a BigInt`, about the first thing that JSON cannot carry. */
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

/** What `toJSON` gives, where there is one that works. */
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
