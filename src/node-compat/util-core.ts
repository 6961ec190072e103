/**
 * `node:util` without the functions that need `assert`, which itself needs this module: Node's own `inspect` and
 * `format` from `node-inspect-extracted`, and the small functions.
 */
import { format, formatWithOptions, inspect, stripVTControlCharacters } from "node-inspect-extracted";
import { promisify } from "./promisify.ts";
import * as types from "./type-checks.ts";

type Callback = (error: unknown, value?: unknown) => void;
type Fn = (...args: unknown[]) => unknown;

export { format, formatWithOptions, inspect, promisify, stripVTControlCharacters, types };
export const { TextDecoder, TextEncoder } = globalThis;
export const { isArray } = Array;

/** For constructor functions in the style that preceded `class`. */
export function inherits(constructor: Fn & { super_?: unknown }, parent: Fn): void {
  constructor.super_ = parent;
  Object.setPrototypeOf(constructor.prototype, parent.prototype as object);
}

export function callbackify(original: (...args: unknown[]) => Promise<unknown>): Fn {
  return function callbackified(this: unknown, ...args) {
    const done = args.pop() as Callback;
    original.apply(this, args).then(
      (value) => queueMicrotask(() => done(null, value)),
      (error: unknown) =>
        queueMicrotask(() => done(error ?? new Error("Promise was rejected with a falsy value"))),
    );
  };
}

const warned = new Set<string>();

/** Warns in the console of the execution at the first call. */
export function deprecate<F extends Fn>(fn: F, message: string, code = message): F {
  return function deprecated(this: unknown, ...args: unknown[]) {
    // oxlint-disable-next-line no-console -- the console of the workflow
    if (!warned.has(code)) console.warn(`DeprecationWarning: ${message}`);
    warned.add(code);
    return new.target === undefined
      ? fn.apply(this, args)
      : (Reflect.construct(fn, args, new.target) as unknown);
  } as F;
}

/** Always disabled: it is enabled by environment variables, and a workflow has none. */
export function debuglog(): Fn & { readonly enabled: boolean } {
  return Object.assign(() => undefined, { enabled: false });
}
export const debug = debuglog;

export function toUSVString(text: unknown): string {
  return String(text).toWellFormed();
}

/** Always empty: the frames of a workflow are in the stack of an error. */
export function getCallSites(): readonly object[] {
  return [];
}

/** Adds no colours, because the output of a workflow never goes to a terminal. */
export function styleText(_format: unknown, text: string): string {
  return text;
}

export function getSystemErrorName(errno: number): string {
  return `Unknown system error ${errno}`;
}

/** @returns a promise that resolves when the signal aborts */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Parses lines of the form `KEY=value`. */
export function parseEnv(text: string): Record<string, string> {
  const lines = text.matchAll(
    /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^#\n\r]*))/gm,
  );
  return Object.fromEntries(
    [...lines].map(([, key = "", double, single, back, bare = ""]) => [
      key,
      double?.replaceAll("\\n", "\n") ?? single ?? back ?? bare.trim(),
    ]),
  );
}

export function _extend<T extends object>(target: T, source: object | null): T {
  return Object.assign(target, source);
}

export const isRegExp = types.isRegExp;
export const isDate = types.isDate;
export const isError = types.isNativeError;
export const isBuffer = types.isBuffer;
export const isBoolean = (value: unknown): boolean => typeof value === "boolean";
export const isFunction = (value: unknown): boolean => typeof value === "function";
export const isNull = (value: unknown): boolean => value === null;
export const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
export const isNumber = (value: unknown): boolean => typeof value === "number";
export const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
export const isPrimitive = (value: unknown): boolean => !isObject(value) && typeof value !== "function";
export const isString = (value: unknown): boolean => typeof value === "string";
export const isSymbol = (value: unknown): boolean => typeof value === "symbol";
export const isUndefined = (value: unknown): boolean => value === undefined;
