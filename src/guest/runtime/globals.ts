/**
 * The properties of `globalThis` in a workflow that differ from the engine's.
 *
 * The engine has no clock, no randomness and no network, and its functions that need one of them crash the
 * instance. So each such function is in one of these lists, and a test calls every one.
 */
import { data } from "duranium:runtime/host@0.1.0";
import { guestConsole } from "../host/console.ts";
import { CryptoKey } from "../platform/crypto/keys/crypto-key.ts";
import { cryptoHook, cryptoHookName } from "../platform/crypto/hook.ts";
import { SubtleCrypto, subtle } from "../platform/crypto/subtle.ts";
import { guestDate, guestFile } from "./date.ts";
import { reportUncaught } from "../host/completion.ts";
import { installStacks } from "../core/error-stack.ts";
import { stringify } from "../core/json.ts";
import {
  Performance,
  performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
} from "./performance.ts";
import { PerformanceObserver, PerformanceObserverEntryList } from "./performance-observer.ts";
import { decode, toBase64, toHex } from "../core/text-chunks.ts";
import { getRandomValues, random, randomUUID } from "../core/random.ts";
import { useIntlData } from "../platform/intl/locale/data.ts";
import { Intl, localized } from "../platform/intl/intl.ts";
import { clearTimer, setInterval, setTimeout } from "../host/timers.ts";
import { FinalizationRegistry, WeakRef } from "./weak.ts";
import { normalize } from "../platform/unicode/normalize.ts";
import { guestRegExp } from "../platform/unicode/regexp.ts";
import { AbortController, AbortSignal } from "../platform/web/events/abort-signal.ts";
import { decodeBase64, encodeBase64 } from "../platform/web/data/base64.ts";
import { CloseEvent } from "../platform/web/events/close-event.ts";
import { ErrorEvent } from "../platform/web/events/error-event.ts";
import { CustomEvent, Event } from "../platform/web/events/event.ts";
import { EventTarget } from "../platform/web/events/event-target.ts";
import { datedForms } from "../platform/web/fetch/form-data.ts";
import { FileReader, ProgressEvent } from "../platform/web/data/file-reader.ts";
import { fetch } from "../platform/web/fetch/fetch.ts";
import { guardedHeaders } from "../platform/web/fetch/headers-guard.ts";
import { MessageChannel, MessagePort } from "../platform/web/events/message-channel.ts";
import { MessageEvent } from "../platform/web/events/message-event.ts";
import { navigator } from "../platform/web/data/navigator.ts";
import { Request } from "../platform/web/fetch/request.ts";
import { Response } from "../platform/web/fetch/response.ts";
import { CompressionStream, DecompressionStream } from "../platform/web/streams/compression.ts";
import { asInterface, domNumber, domString, assertArguments } from "../core/interface.ts";
import { setLengths } from "../platform/web/streams/lengths.ts";
import { mendNativeClasses } from "../platform/web/data/native-classes.ts";
import { structuredClone } from "../platform/web/data/structured-clone.ts";
import { streamClasses, streamOfBytes } from "../platform/web/streams/streams.ts";
import { QuotaExceededError } from "../core/quota-exceeded-error.ts";
import { TextDecoderStream, TextEncoderStream } from "../platform/web/streams/text-streams.ts";
import { URL, URLSearchParams } from "../platform/web/data/url.ts";
import { WebSocket } from "../platform/web/events/web-socket.ts";

/** Duranium's versions, which replace the engine's or add what it lacks. */
const installed = {
  // The engine's versions crash the instance, because they need a clock or the network.
  fetch,
  setTimeout,
  setInterval,
  clearTimeout: (handle?: unknown) => clearTimer(handle),
  clearInterval: (handle?: unknown) => clearTimer(handle),
  performance,
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  // The engine's versions show a constant time: that of the engine's build.
  Date: guestDate(Date),
  File: guestFile(File),
  // The engine's versions crash the instance when a listener throws, and some of their methods always do.
  Event,
  CustomEvent,
  EventTarget,
  AbortController,
  AbortSignal,
  // The engine's versions lack signal, redirect, bytes and clone, and read blobs and forms only with an event loop.
  Request,
  Response,
  // The engine's version swallows exceptions of the callback.
  queueMicrotask: guardedMicrotask(queueMicrotask),
  // The engine's versions reveal when memory was collected.
  WeakRef,
  FinalizationRegistry,
  // The engine's version has no output.
  console: guestConsole,
  // The engine's version is wrong for some keys, and lacks most operations.
  CryptoKey,
  SubtleCrypto,
  // The engine's version does not support Unicode properties.
  RegExp: guestRegExp(RegExp),
  // The engine's versions throw errors of other classes.
  atob: nativeLike(decodeBase64, "atob"),
  btoa: nativeLike(encodeBase64, "btoa"),
  // The engine's versions crash the instance when an inspector reads their prototypes.
  URL,
  URLSearchParams,
  // The engine's version clones Duranium's own classes to empty objects.
  structuredClone,
  // The engine does not have these.
  CloseEvent,
  ErrorEvent,
  QuotaExceededError,
  FileReader,
  ProgressEvent,
  Intl,
  MessageChannel,
  MessageEvent,
  MessagePort,
  WebSocket,
  navigator,
  setImmediate: (callback: (...args: unknown[]) => unknown, ...args: unknown[]) =>
    setTimeout(callback, 0, ...args),
  clearImmediate: (handle?: unknown) => clearTimer(handle),
  reportError: reportUncaught,
  // The engine's versions implement an old version of the standard, and chunks of their bodies get lost.
  ...streamClasses,
  TextDecoderStream,
  TextEncoderStream,
  // The engine's versions accept truncated data, and crash the instance when an inspector reads their prototypes.
  CompressionStream,
  DecompressionStream,
};

/** Classes whose `Object.prototype.toString` tags the engine lacks. Packages identify classes by them. */
const tagged = [
  "FormData",
  "Headers",
  "MessageChannel",
  "MessagePort",
  "WebSocket",
  "CryptoKey",
  "SubtleCrypto",
] as const;
type Tagged = (typeof tagged)[number];

/** Replaced methods of objects that are otherwise the engine's. */
const patched: readonly [owner: object, methods: Readonly<Record<PropertyKey, unknown>>][] = [
  [Math, { random }],
  // The engine's versions need several times the memory of their result.
  [JSON, { stringify }],
  [TextDecoder.prototype, { decode }],
  [Uint8Array.prototype, { toBase64, toHex }],
  [String.prototype, { normalize }],
  ...localized,
  [Crypto.prototype, { getRandomValues: onCrypto(getRandomValues), randomUUID: onCrypto(randomUUID) }],
  [Blob.prototype, { stream: streamOfBlob, slice: sliceOfBlob }],
  [Headers.prototype, guardedHeaders],
  [FormData.prototype, datedForms],
];

/**
 * Removed properties: those that indicate a document or the engine's internals, and those that would give access to
 * shared memory and time.
 */
const removed = [
  "location",
  "WorkerLocation",
  "MultipartFormData",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "SharedArrayBuffer",
  "Atomics",
  "WebAssembly",
] as const;

/** Called once, before any workflow is loaded. */
export function installGlobals(): void {
  useIntlData(data);
  for (const name of removed) Reflect.deleteProperty(globalThis, name);
  for (const [name, value] of Object.entries(installed)) define(globalThis, name, named(value, name));
  Object.defineProperty(Crypto.prototype, "subtle", {
    get: onCrypto(() => subtle),
    enumerable: true,
    configurable: true,
  });
  installStacks();
  Object.defineProperty(globalThis, cryptoHookName, { value: cryptoHook });
  mendRecursionError();
  for (const name of tagged) tag((globalThis as unknown as Classes)[name].prototype, name);
  for (const [owner, methods] of patched) {
    for (const name of Reflect.ownKeys(methods)) define(owner, name, methods[name as string]);
  }
  mendNativeClasses();
  setLengths();
}

/**
 * If calls nest too deeply, the engine throws an error with a name of its own. The platform's error is a
 * `RangeError`.
 */
function mendRecursionError(): void {
  const { InternalError } = globalThis as unknown as { readonly InternalError: ErrorConstructor };
  Object.setPrototypeOf(InternalError.prototype, RangeError.prototype);
  Object.defineProperties(InternalError.prototype, {
    name: { value: "RangeError" },
    constructor: { value: RangeError },
  });
  Reflect.deleteProperty(globalThis, "InternalError");
}

type Classes = Readonly<Record<Tagged, { readonly prototype: object }>>;

function tag(owner: object, name: string): void {
  Object.defineProperty(owner, Symbol.toStringTag, { value: name, configurable: true });
}

function named(value: unknown, name: string): unknown {
  if (typeof value === "function" && /^[A-Z]/.test(name) && !ofLanguage.has(name)) asInterface(value, name);
  return value;
}

/** Gives a function of one parameter its name on the platform. */
function nativeLike(value: (...args: [data: string]) => string, name: string): typeof value {
  return Object.defineProperties(value, { name: { value: name }, length: { value: 1 } });
}
/** Also replaced by Duranium, but with the property attributes that ECMAScript requires. */
const ofLanguage: ReadonlySet<string> = new Set(["Date", "RegExp", "WeakRef", "FinalizationRegistry"]);

/**
 * A workflow can replace the globals, and `for … in` lists those that the engine lists. Functions are called with
 * any receiver.
 */
function define(owner: object, name: PropertyKey, value: unknown): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  if (typeof value === "function" && typeof name === "string" && Object.hasOwn(value, "name")) {
    Object.defineProperty(value, "name", { value: name, configurable: true });
  }
  Object.defineProperty(owner, name, { value, writable: true, enumerable, configurable: true });
}

/** A method of the engine's `crypto` object, which accepts only that object as its receiver. */
function onCrypto<Args extends unknown[], Result>(
  method: (...args: Args) => Result,
): (...args: Args) => Result {
  const { crypto } = globalThis;
  const guarded = {
    method(this: unknown, ...args: Args): Result {
      if (this !== crypto) throw new TypeError("This is no Crypto");
      assertArguments(args.length, method.length, `crypto.${method.name}`);
      return method(...args);
    },
  };
  // oxlint-disable-next-line typescript/unbound-method -- it becomes a method of the prototype
  return Object.defineProperty(guarded.method, "length", { value: method.length });
}

function guardedMicrotask(queue: typeof queueMicrotask): (callback: () => unknown) => void {
  return (callback) => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask takes a function");
    queue(() => {
      try {
        callback();
      } catch (error) {
        reportUncaught(error);
      }
    });
  };
}

// oxlint-disable-next-line typescript/unbound-method -- applied to blobs below
const { slice } = Blob.prototype;

/**
 * The engine's version rounds fractions down, while Web IDL's `Clamp` rounds to the nearest number. It also treats
 * infinite numbers as 0, and converts no types.
 */
function sliceOfBlob(this: Blob, ...[start, end, type]: [unknown?, unknown?, unknown?]): Blob {
  assertBlob(this);
  const kind = type === undefined ? "" : domString(type);
  const until = end === undefined ? Number.MAX_SAFE_INTEGER : clamped(end);
  return Reflect.apply(slice, this, [clamped(start), until, kind]);
}

/** `long long` with `Clamp`: halves are rounded to even. */
function clamped(value: unknown): number {
  const number = value === undefined ? 0 : domNumber(value);
  if (Number.isNaN(number)) return 0;
  const limit = Number.MAX_SAFE_INTEGER;
  const bounded = Math.max(-limit, Math.min(limit, number));
  const floor = Math.floor(bounded);
  if (bounded - floor !== 0.5) return Math.round(bounded);
  return floor % 2 === 0 ? floor : floor + 1;
}

// oxlint-disable-next-line typescript/unbound-method -- applied to blobs below
const sizeOfBlob = Object.getOwnPropertyDescriptor(Blob.prototype, "size")?.get as () => number;

/** @throws {TypeError} if the value is not a `Blob` */
function assertBlob(value: unknown): void {
  Reflect.apply(sizeOfBlob, value, []);
}

/** The engine's version delivers its chunks only with an event loop. */
function streamOfBlob(this: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  assertBlob(this);
  return streamOfBytes(async () => new Uint8Array(await this.arrayBuffer()));
}
