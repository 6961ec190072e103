/**
 * What a workflow finds on `globalThis`, beside what the language has: the web platform as workers have it, and
 * only that part of it which is in the sandbox. `docs/reference/sandbox.md` says what is not there, and what to do instead.
 *
 * For projects whose `lib` has neither `dom` nor `webworker`. A test compares this file with the real engine.
 */

// Time. It stands still while code runs, and moves when an answer arrives; every wait is durable.

/**
 * Calls back after `delay` milliseconds, at most 366 days. Not after `run` has returned, nor once the execution is cancelled: to
 * wait for what the callback does, `await ctx.sleep(…)` and do it then.
 */
declare function setTimeout<Args extends unknown[]>(
  callback: (...args: Args) => unknown,
  delay?: number,
  ...args: Args
): number;
/** Calls back every `delay` milliseconds, 1 at least, until it is cleared or the execution ends. */
declare function setInterval<Args extends unknown[]>(
  callback: (...args: Args) => unknown,
  delay?: number,
  ...args: Args
): number;
/** `setTimeout` without a delay. */
declare function setImmediate<Args extends unknown[]>(
  callback: (...args: Args) => unknown,
  ...args: Args
): number;
declare function clearTimeout(handle: number | null | undefined): void;
declare function clearInterval(handle: number | null | undefined): void;
declare function clearImmediate(handle: number | null | undefined): void;
declare function queueMicrotask(callback: () => unknown): void;

/** Durations are those between answers: computing takes no time. */
declare var performance: Performance;

declare class Performance extends EventTarget {
  private constructor();
  /** Milliseconds since the execution began. */
  now(): number;
  readonly timeOrigin: number;
  mark(name: string, options?: PerformanceMarkOptions): PerformanceMark;
  measure(name: string, start?: string | PerformanceMeasureOptions, end?: string): PerformanceMeasure;
  getEntries(): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
  clearMarks(name?: string): void;
  clearMeasures(name?: string): void;
  toJSON(): object;
}

interface PerformanceMarkOptions {
  readonly startTime?: number;
  readonly detail?: unknown;
}

interface PerformanceMeasureOptions {
  readonly start?: string | number;
  readonly end?: string | number;
  readonly duration?: number;
  readonly detail?: unknown;
}

declare class PerformanceEntry {
  private constructor();
  readonly name: string;
  readonly entryType: "mark" | "measure";
  readonly startTime: number;
  readonly duration: number;
  toJSON(): object;
}

declare class PerformanceMark extends PerformanceEntry {
  constructor(name: string, options?: PerformanceMarkOptions);
  readonly detail: unknown;
}

declare class PerformanceMeasure extends PerformanceEntry {
  private constructor();
  readonly detail: unknown;
}

interface PerformanceObserverInit {
  readonly entryTypes?: readonly string[];
  readonly type?: string;
  /** With `type`: also the entries that are there already. */
  readonly buffered?: boolean;
}

/** Of marks and measures. */
declare class PerformanceObserver {
  constructor(callback: (entries: PerformanceObserverEntryList, observer: PerformanceObserver) => unknown);
  static readonly supportedEntryTypes: readonly string[];
  observe(options?: PerformanceObserverInit): void;
  disconnect(): void;
  takeRecords(): PerformanceEntry[];
}

declare class PerformanceObserverEntryList {
  private constructor();
  getEntries(): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
}

// The console. What is written there is the log of the execution.

declare var console: Console;

interface Console {
  log(...data: unknown[]): void;
  info(...data: unknown[]): void;
  debug(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
  trace(...data: unknown[]): void;
  dir(item?: unknown, options?: unknown): void;
  dirxml(...data: unknown[]): void;
  table(data?: unknown, columns?: readonly string[]): void;
  clear(): void;
  assert(condition?: unknown, ...data: unknown[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  group(...label: unknown[]): void;
  groupCollapsed(...label: unknown[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...data: unknown[]): void;
  timeEnd(label?: string): void;
  timeStamp(label?: string): void;
  profile(label?: string): void;
  profileEnd(label?: string): void;
}

// Requests.

/**
 * Sends a request, from outside of the sandbox. It is one step of the execution: its response is kept, and a replay
 * does not send it again.
 *
 * @throws {TypeError} (as a rejection) where no response came, or the workflow may not ask that host
 * @throws (as a rejection) `init.signal.reason` where that aborts first
 */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

/** `retry` and `timeout` are Duranium's own, declared with `@duranium/workflow`. */
interface RequestInit {
  /** `GET` unless given. */
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  /** `follow` unless given. */
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  /** What is about pages and caches is taken and has no effect. */
  cache?: "default" | "force-cache" | "no-cache" | "no-store" | "only-if-cached" | "reload";
  credentials?: "include" | "omit" | "same-origin";
  duplex?: "half";
  /** What the response must hash to, as Subresource Integrity has it: `sha256-…`. */
  integrity?: string;
  keepalive?: boolean;
  mode?: "cors" | "navigate" | "no-cors" | "same-origin";
  priority?: "auto" | "high" | "low";
  referrer?: string;
  referrerPolicy?: string;
  window?: null;
}

type RequestInfo = Request | string;
type RequestRedirect = "error" | "follow" | "manual";
type HeadersInit =
  | Headers
  | readonly (readonly [name: string, value: string])[]
  | Readonly<Record<string, string>>;
type BodyInit = ArrayBuffer | ArrayBufferView | Blob | FormData | ReadableStream | string | URLSearchParams;

interface Body {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  formData(): Promise<FormData>;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
  json(): Promise<any>;
  text(): Promise<string>;
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- there is no class of this name to extend
interface Request extends Body {}
declare class Request {
  constructor(input: string | URL | Request, init?: RequestInit);
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal;
  readonly mode: "cors" | "no-cors" | "same-origin";
  readonly credentials: "include" | "omit" | "same-origin";
  readonly cache: "default" | "force-cache" | "no-cache" | "no-store" | "only-if-cached" | "reload";
  readonly destination: "";
  readonly referrer: string;
  readonly referrerPolicy: string;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly duplex: "half";
  readonly isHistoryNavigation: boolean;
  readonly isReloadNavigation: boolean;
  clone(): Request;
}

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- there is no class of this name to extend
interface Response extends Body {}
declare class Response {
  constructor(body?: BodyInit | null, init?: ResponseInit);
  static json(data: unknown, init?: ResponseInit): Response;
  static error(): Response;
  static redirect(url: string | URL, status?: number): Response;
  readonly type: "basic" | "default" | "error";
  readonly status: number;
  readonly statusText: string;
  /** 200 to 299. */
  readonly ok: boolean;
  /** After redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: Headers;
  clone(): Response;
}

declare class Headers {
  constructor(init?: HeadersInit);
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, headers: Headers) => unknown, thisArg?: unknown): void;
  entries(): IterableIterator<[name: string, value: string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
}

type FormDataEntryValue = File | string;

declare class FormData {
  constructor();
  append(name: string, value: string | Blob, filename?: string): void;
  delete(name: string): void;
  get(name: string): FormDataEntryValue | null;
  getAll(name: string): FormDataEntryValue[];
  has(name: string): boolean;
  set(name: string, value: string | Blob, filename?: string): void;
  forEach(
    callback: (value: FormDataEntryValue, name: string, form: FormData) => unknown,
    thisArg?: unknown,
  ): void;
  entries(): IterableIterator<[name: string, value: FormDataEntryValue]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataEntryValue>;
  [Symbol.iterator](): IterableIterator<[name: string, value: FormDataEntryValue]>;
}

/** Cannot be opened, a workflow holds no connections: there for packages that want to know the class. */
declare class WebSocket extends EventTarget {
  constructor(url: string | URL, protocols?: string | readonly string[]);
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSING: 2;
  static readonly CLOSED: 3;
}

// Bytes and text.

type BufferSource = ArrayBuffer | ArrayBufferView;

interface BlobPropertyBag {
  type?: string;
  endings?: "native" | "transparent";
}

declare class Blob {
  constructor(parts?: readonly (BufferSource | Blob | string)[], options?: BlobPropertyBag);
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  slice(start?: number, end?: number, type?: string): Blob;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  text(): Promise<string>;
}

interface FilePropertyBag extends BlobPropertyBag {
  lastModified?: number;
}

declare class File extends Blob {
  constructor(parts: readonly (BufferSource | Blob | string)[], name: string, options?: FilePropertyBag);
  readonly name: string;
  readonly lastModified: number;
}

declare class TextEncoder {
  constructor();
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, destination: Uint8Array): { read: number; written: number };
}

interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}

declare class TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions);
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: BufferSource, options?: { readonly stream?: boolean }): string;
}

interface ProgressEventInit extends EventInit {
  lengthComputable?: boolean;
  loaded?: number;
  total?: number;
}

declare class ProgressEvent extends Event {
  constructor(type: string, init?: ProgressEventInit);
  readonly lengthComputable: boolean;
  readonly loaded: number;
  readonly total: number;
}

declare class FileReader extends EventTarget {
  constructor();
  static readonly EMPTY: 0;
  static readonly LOADING: 1;
  static readonly DONE: 2;
  readonly EMPTY: 0;
  readonly LOADING: 1;
  readonly DONE: 2;
  readonly readyState: 0 | 1 | 2;
  readonly result: string | ArrayBuffer | null;
  readonly error: unknown;
  onloadstart: ((event: ProgressEvent) => unknown) | null;
  onprogress: ((event: ProgressEvent) => unknown) | null;
  onload: ((event: ProgressEvent) => unknown) | null;
  onabort: ((event: ProgressEvent) => unknown) | null;
  onerror: ((event: ProgressEvent) => unknown) | null;
  onloadend: ((event: ProgressEvent) => unknown) | null;
  abort(): void;
  readAsArrayBuffer(blob: Blob): void;
  readAsBinaryString(blob: Blob): void;
  readAsDataURL(blob: Blob): void;
  readAsText(blob: Blob, encoding?: string): void;
}

/** Of base64, one character for each byte. */
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
declare function structuredClone<T>(value: T, options?: { readonly transfer?: readonly ArrayBuffer[] }): T;

// URLs.

declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  /** An address under which `fetch` reads the blob, in this execution. */
  static createObjectURL(blob: Blob): string;
  static revokeObjectURL(url: string): void;
  static parse(url: string | URL, base?: string | URL): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}

declare class URLSearchParams {
  constructor(
    init?: string | URLSearchParams | Iterable<readonly [string, string]> | Readonly<Record<string, string>>,
  );
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(
    callback: (value: string, name: string, params: URLSearchParams) => unknown,
    thisArg?: unknown,
  ): void;
  entries(): IterableIterator<[name: string, value: string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
}

// Randomness and signatures. Random values are those of the execution: the same on every replay.

declare var crypto: Crypto;

declare class Crypto {
  private constructor();
  readonly subtle: SubtleCrypto;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}

type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512" | "SHA3-256" | "SHA3-384" | "SHA3-512";
type HashAlgorithm = HashName | { readonly name: HashName };
type NamedCurve = "P-256" | "P-384" | "P-521";
type KeyFormat = "raw" | "pkcs8" | "spki" | "jwk";
type KeyUsage =
  | "encrypt"
  | "decrypt"
  | "sign"
  | "verify"
  | "deriveKey"
  | "deriveBits"
  | "wrapKey"
  | "unwrapKey";

type OctetCurve = "Ed25519" | "Ed448" | "X25519" | "X448";
type AesMode = "AES-CBC" | "AES-CTR" | "AES-GCM" | "AES-KW";
type RsaScheme = "RSASSA-PKCS1-v1_5" | "RSA-PSS" | "RSA-OAEP";

interface HmacParams {
  readonly name: "HMAC";
  readonly hash: HashAlgorithm;
  /** In bits. */
  readonly length?: number;
}
interface AesParams {
  readonly name: AesMode;
  /** In bits: 128, 192 or 256. */
  readonly length: number;
}
interface EcParams {
  readonly name: "ECDSA" | "ECDH";
  readonly namedCurve: NamedCurve;
}

type ImportAlgorithm =
  | AesMode
  | OctetCurve
  | "HKDF"
  | "PBKDF2"
  | { readonly name: AesMode | OctetCurve | "HKDF" | "PBKDF2" }
  | { readonly name: RsaScheme; readonly hash: HashAlgorithm }
  | HmacParams
  | EcParams;
type SecretGeneration = AesParams | HmacParams;
type PairGeneration =
  | OctetCurve
  | { readonly name: OctetCurve }
  | EcParams
  | {
      readonly name: RsaScheme;
      readonly modulusLength: number;
      readonly publicExponent: Uint8Array;
      readonly hash: HashAlgorithm;
    };

type SignatureAlgorithm =
  | "HMAC"
  | "RSASSA-PKCS1-v1_5"
  | "Ed25519"
  | "Ed448"
  | { readonly name: "HMAC" | "RSASSA-PKCS1-v1_5" | "Ed25519" | "Ed448" }
  | { readonly name: "RSA-PSS"; readonly saltLength: number }
  | { readonly name: "ECDSA"; readonly hash: HashAlgorithm };
type EncryptionAlgorithm =
  | "RSA-OAEP"
  | { readonly name: "RSA-OAEP"; readonly label?: BufferSource }
  | { readonly name: "AES-CBC"; readonly iv: BufferSource }
  | { readonly name: "AES-CTR"; readonly counter: BufferSource; readonly length: number }
  | {
      readonly name: "AES-GCM";
      readonly iv: BufferSource;
      readonly additionalData?: BufferSource;
      readonly tagLength?: number;
    };
type WrappingAlgorithm = EncryptionAlgorithm | "AES-KW" | { readonly name: "AES-KW" };
type DerivationAlgorithm =
  | { readonly name: "ECDH" | "X25519" | "X448"; readonly public: CryptoKey }
  | {
      readonly name: "HKDF";
      readonly hash: HashAlgorithm;
      readonly salt: BufferSource;
      readonly info: BufferSource;
    }
  | {
      readonly name: "PBKDF2";
      readonly hash: HashAlgorithm;
      readonly salt: BufferSource;
      readonly iterations: number;
    };

interface CryptoKeyPair {
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}

interface JsonWebKey {
  kty?: string;
  use?: string;
  key_ops?: string[];
  alg?: string;
  ext?: boolean;
  [member: string]: unknown;
}

declare class SubtleCrypto {
  private constructor();
  digest(algorithm: HashAlgorithm, data: BufferSource): Promise<ArrayBuffer>;
  encrypt(algorithm: EncryptionAlgorithm, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  decrypt(algorithm: EncryptionAlgorithm, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  sign(algorithm: SignatureAlgorithm, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  verify(
    algorithm: SignatureAlgorithm,
    key: CryptoKey,
    signature: BufferSource,
    data: BufferSource,
  ): Promise<boolean>;
  generateKey(
    algorithm: SecretGeneration,
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey>;
  generateKey(
    algorithm: PairGeneration,
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKeyPair>;
  importKey(
    format: "jwk",
    key: JsonWebKey,
    algorithm: ImportAlgorithm,
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey>;
  importKey(
    format: Exclude<KeyFormat, "jwk">,
    key: BufferSource,
    algorithm: ImportAlgorithm,
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey>;
  exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
  exportKey(format: Exclude<KeyFormat, "jwk">, key: CryptoKey): Promise<ArrayBuffer>;
  /** @param length in bits */
  deriveBits(
    algorithm: DerivationAlgorithm,
    baseKey: CryptoKey,
    length?: number | null,
  ): Promise<ArrayBuffer>;
  deriveKey(
    algorithm: DerivationAlgorithm,
    baseKey: CryptoKey,
    derivedKeyType: AesParams | HmacParams | "HKDF" | "PBKDF2",
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey>;
  wrapKey(
    format: KeyFormat,
    key: CryptoKey,
    wrappingKey: CryptoKey,
    algorithm: WrappingAlgorithm,
  ): Promise<ArrayBuffer>;
  unwrapKey(
    format: KeyFormat,
    wrappedKey: BufferSource,
    unwrappingKey: CryptoKey,
    unwrapAlgorithm: WrappingAlgorithm,
    unwrappedKeyAlgorithm: ImportAlgorithm,
    extractable: boolean,
    usages: readonly KeyUsage[],
  ): Promise<CryptoKey>;
}

declare class CryptoKey {
  private constructor();
  readonly type: "private" | "public" | "secret";
  readonly extractable: boolean;
  readonly algorithm: {
    readonly name: string;
    readonly hash?: { readonly name: string };
    readonly length?: number;
    readonly namedCurve?: string;
    readonly modulusLength?: number;
    readonly publicExponent?: Uint8Array;
  };
  readonly usages: readonly KeyUsage[];
}

// Events and signals.

interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

declare class Event {
  constructor(type: string, init?: EventInit);
  static readonly NONE: 0;
  static readonly CAPTURING_PHASE: 1;
  static readonly AT_TARGET: 2;
  static readonly BUBBLING_PHASE: 3;
  readonly NONE: 0;
  readonly CAPTURING_PHASE: 1;
  readonly AT_TARGET: 2;
  readonly BUBBLING_PHASE: 3;
  readonly type: string;
  readonly target: EventTarget | null;
  readonly srcElement: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  readonly eventPhase: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  readonly isTrusted: boolean;
  /** Milliseconds since the execution began. */
  readonly timeStamp: number;
  returnValue: boolean;
  composedPath(): EventTarget[];
  preventDefault(): void;
  stopImmediatePropagation(): void;
  stopPropagation(): void;
}

interface CustomEventInit<T = unknown> extends EventInit {
  detail?: T;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, init?: CustomEventInit<T>);
  readonly detail: T;
}

interface MessageEventInit<T = unknown> extends EventInit {
  data?: T;
  origin?: string;
  lastEventId?: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class MessageEvent<T = any> extends Event {
  constructor(type: string, init?: MessageEventInit<T>);
  readonly data: T;
  readonly origin: string;
  readonly lastEventId: string;
  readonly source: null;
  readonly ports: readonly MessagePort[];
}

interface ErrorEventInit extends EventInit {
  message?: string;
  filename?: string;
  lineno?: number;
  colno?: number;
  error?: unknown;
}

declare class ErrorEvent extends Event {
  constructor(type: string, init?: ErrorEventInit);
  readonly message: string;
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
  readonly error: any;
}

interface CloseEventInit extends EventInit {
  wasClean?: boolean;
  code?: number;
  reason?: string;
}

declare class CloseEvent extends Event {
  constructor(type: string, init?: CloseEventInit);
  readonly wasClean: boolean;
  readonly code: number;
  readonly reason: string;
}

type EventListener = (event: Event) => void;
interface EventListenerObject {
  handleEvent(event: Event): void;
}
// oxlint-disable-next-line typescript/no-explicit-any -- a listener knows which event it is for
type EventListenerOrEventListenerObject = ((event: any) => unknown) | EventListenerObject;

interface EventListenerOptions {
  capture?: boolean;
}

interface AddEventListenerOptions extends EventListenerOptions {
  once?: boolean;
  passive?: boolean;
  signal?: AbortSignal;
}

declare class EventTarget {
  constructor();
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  dispatchEvent(event: Event): boolean;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
}

declare class AbortController {
  constructor();
  readonly signal: AbortSignal;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
  abort(reason?: any): void;
}

declare class AbortSignal extends EventTarget {
  private constructor();
  // oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
  static abort(reason?: any): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Durable, as every wait is. */
  static timeout(ms: number): AbortSignal;
  readonly aborted: boolean;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
  readonly reason: any;
  onabort: ((event: Event) => unknown) | null;
  throwIfAborted(): void;
}

declare class MessageChannel {
  constructor();
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

declare class MessagePort extends EventTarget {
  private constructor();
  onmessage: ((event: MessageEvent) => unknown) | null;
  postMessage(data: unknown): void;
  start(): void;
  close(): void;
}

declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
  readonly message: string;
  readonly name: string;
}

/** What `crypto.getRandomValues` throws for more than 65,536 bytes. */
declare class QuotaExceededError extends DOMException {
  constructor(message?: string, options?: { readonly quota?: number; readonly requested?: number });
  readonly quota: number | null;
  readonly requested: number | null;
}

/** Fails the execution, as an uncaught error does. */
declare function reportError(error: unknown): void;

// Streams.

interface QueuingStrategy<T = unknown> {
  highWaterMark?: number;
  size?: (chunk: T) => number;
}

declare class CountQueuingStrategy implements QueuingStrategy {
  constructor(init: { readonly highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: (chunk?: unknown) => number;
}

declare class ByteLengthQueuingStrategy implements QueuingStrategy<ArrayBufferView> {
  constructor(init: { readonly highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: (chunk: ArrayBufferView) => number;
}

interface StreamPipeOptions {
  preventAbort?: boolean;
  preventCancel?: boolean;
  preventClose?: boolean;
  signal?: AbortSignal;
}

interface ReadableWritablePair<Read = unknown, Write = unknown> {
  readable: ReadableStream<Read>;
  writable: WritableStream<Write>;
}

interface UnderlyingSource<T> {
  type?: undefined;
  start?: (controller: ReadableStreamDefaultController<T>) => unknown;
  pull?: (controller: ReadableStreamDefaultController<T>) => unknown;
  cancel?: (reason?: unknown) => unknown;
}

interface UnderlyingByteSource {
  type: "bytes";
  autoAllocateChunkSize?: number;
  start?: (controller: ReadableByteStreamController) => unknown;
  pull?: (controller: ReadableByteStreamController) => unknown;
  cancel?: (reason?: unknown) => unknown;
}

type ReadableStreamReadResult<T> =
  | { readonly done: false; readonly value: T }
  | { readonly done: true; readonly value?: undefined };

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class ReadableStream<T = any> {
  constructor(source: UnderlyingByteSource, strategy?: QueuingStrategy);
  constructor(source?: UnderlyingSource<T>, strategy?: QueuingStrategy<T>);
  static from<T>(iterable: Iterable<T> | AsyncIterable<T>): ReadableStream<T>;
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(options: { readonly mode: "byob" }): ReadableStreamBYOBReader;
  getReader(): ReadableStreamDefaultReader<T>;
  pipeThrough<Read>(pair: ReadableWritablePair<Read, T>, options?: StreamPipeOptions): ReadableStream<Read>;
  pipeTo(destination: WritableStream<T>, options?: StreamPipeOptions): Promise<void>;
  tee(): [ReadableStream<T>, ReadableStream<T>];
  values(options?: { readonly preventCancel?: boolean }): AsyncIterableIterator<T>;
  [Symbol.asyncIterator](options?: { readonly preventCancel?: boolean }): AsyncIterableIterator<T>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class ReadableStreamDefaultReader<T = any> {
  constructor(stream: ReadableStream<T>);
  readonly closed: Promise<void>;
  cancel(reason?: unknown): Promise<void>;
  read(): Promise<ReadableStreamReadResult<T>>;
  releaseLock(): void;
}

declare class ReadableStreamBYOBReader {
  constructor(stream: ReadableStream<Uint8Array>);
  readonly closed: Promise<void>;
  cancel(reason?: unknown): Promise<void>;
  /** @param options `min`: how many elements are waited for */
  read<T extends ArrayBufferView>(
    view: T,
    options?: { readonly min?: number },
  ): Promise<ReadableStreamReadResult<T>>;
  releaseLock(): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class ReadableStreamDefaultController<T = any> {
  private constructor();
  readonly desiredSize: number | null;
  close(): void;
  enqueue(chunk: T): void;
  error(reason?: unknown): void;
}

declare class ReadableByteStreamController {
  private constructor();
  readonly byobRequest: ReadableStreamBYOBRequest | null;
  readonly desiredSize: number | null;
  close(): void;
  enqueue(chunk: ArrayBufferView): void;
  error(reason?: unknown): void;
}

declare class ReadableStreamBYOBRequest {
  private constructor();
  readonly view: Uint8Array<ArrayBuffer> | null;
  respond(bytesWritten: number): void;
  respondWithNewView(view: ArrayBufferView): void;
}

interface UnderlyingSink<T> {
  start?: (controller: WritableStreamDefaultController) => unknown;
  write?: (chunk: T, controller: WritableStreamDefaultController) => unknown;
  close?: () => unknown;
  abort?: (reason?: unknown) => unknown;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class WritableStream<T = any> {
  constructor(sink?: UnderlyingSink<T>, strategy?: QueuingStrategy<T>);
  readonly locked: boolean;
  abort(reason?: unknown): Promise<void>;
  close(): Promise<void>;
  getWriter(): WritableStreamDefaultWriter<T>;
}

declare class WritableStreamDefaultController {
  private constructor();
  readonly signal: AbortSignal;
  error(reason?: unknown): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class WritableStreamDefaultWriter<T = any> {
  constructor(stream: WritableStream<T>);
  readonly closed: Promise<void>;
  readonly desiredSize: number | null;
  readonly ready: Promise<void>;
  abort(reason?: unknown): Promise<void>;
  close(): Promise<void>;
  releaseLock(): void;
  write(chunk?: T): Promise<void>;
}

interface Transformer<Input, Output> {
  start?: (controller: TransformStreamDefaultController<Output>) => unknown;
  transform?: (chunk: Input, controller: TransformStreamDefaultController<Output>) => unknown;
  flush?: (controller: TransformStreamDefaultController<Output>) => unknown;
  cancel?: (reason?: unknown) => unknown;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class TransformStream<Input = any, Output = any> implements ReadableWritablePair<Output, Input> {
  constructor(
    transformer?: Transformer<Input, Output>,
    writable?: QueuingStrategy<Input>,
    readable?: QueuingStrategy<Output>,
  );
  readonly readable: ReadableStream<Output>;
  readonly writable: WritableStream<Input>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as the platform has it
declare class TransformStreamDefaultController<T = any> {
  private constructor();
  readonly desiredSize: number | null;
  enqueue(chunk: T): void;
  error(reason?: unknown): void;
  terminate(): void;
}

declare class TextEncoderStream {
  constructor();
  readonly encoding: string;
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<string>;
}

declare class TextDecoderStream {
  constructor(label?: string, options?: TextDecoderOptions);
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<BufferSource>;
}

type CompressionFormat = "deflate" | "deflate-raw" | "gzip";

declare class CompressionStream {
  constructor(format: CompressionFormat);
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}

declare class DecompressionStream {
  constructor(format: CompressionFormat);
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}

// What packages look at to see where they run.

declare var self: typeof globalThis;

declare var navigator: {
  readonly userAgent: "Duranium";
  readonly language: string;
  readonly languages: readonly string[];
  readonly onLine: true;
  readonly hardwareConcurrency: 1;
};

/** An empty object: bundling puts it in place of the name, for packages that read settings. */
declare namespace process {
  const env: Readonly<Record<string, string | undefined>>;
}

/** Bundling makes `globalThis` of it. */
declare var global: typeof globalThis;

declare module "duranium" {
  export * from "@duranium/workflow";
}

/** Patterns of URLs, as `new URLPattern({ pathname: "/orders/:id" })`. Put into the bundle of a workflow that uses it. */
declare class URLPattern {
  constructor(input?: URLPatternInit | string, baseURL?: string, options?: { readonly ignoreCase?: boolean });
  test(input?: URLPatternInit | string, baseURL?: string): boolean;
  exec(input?: URLPatternInit | string, baseURL?: string): URLPatternResult | null;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly hasRegExpGroups: boolean;
}

interface URLPatternInit {
  protocol?: string;
  username?: string;
  password?: string;
  hostname?: string;
  port?: string;
  pathname?: string;
  search?: string;
  hash?: string;
  baseURL?: string;
}

type URLPatternPart =
  | "protocol"
  | "username"
  | "password"
  | "hostname"
  | "port"
  | "pathname"
  | "search"
  | "hash";

interface URLPatternComponentResult {
  readonly input: string;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

interface URLPatternResult extends Readonly<Record<URLPatternPart, URLPatternComponentResult>> {
  readonly inputs: readonly (URLPatternInit | string)[];
}
