// oxlint-disable typescript/no-extraneous-class -- classes that are passed where other values are meant
/** Generated receivers and arguments, the same in the sandbox and in Node. Each use makes new ones. */
type Maker = () => unknown;

const bytes = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, index) => index * 7);

/** Of every kind that a member may meet. None of them makes a call go on for long. */
const values: readonly Maker[] = [
  () => undefined,
  () => null,
  () => true,
  () => 0,
  () => 1,
  () => 2,
  () => 5,
  () => -1,
  () => -0,
  () => 0.5,
  () => 7.25,
  () => Number.NaN,
  () => 1e21,
  () => Number.POSITIVE_INFINITY,
  () => 10n,
  () => "",
  () => "a",
  () => "b",
  () => "abc",
  () => "Äé😀ſ",
  () => "\u03a3\u0391\u03a3",
  () => "https://user@a.test:81/b c?d=%20#e",
  () => "text/plain;charset=UTF-8",
  () => "2026-01-05",
  () => "12",
  () => "AQI=",
  () => "\ud800x",
  () => Symbol.iterator,
  () => Symbol("made"),
  () => ({}),
  () => ({ a: 1, b: [2] }),
  () => ({ length: 2, 0: "x", 1: "y" }),
  () => [],
  () => ["a", "b"],
  () => [
    ["a", "b"],
    ["c", "d"],
  ],
  () => [3, 1, 2],
  () => /b/g,
  () => () => 1,
  () => (value: unknown) => value,
  () => (a: number, b: number) => a - b,
  () => class Made {},
  () => bytes(5),
  () => bytes(8).buffer,
  () => new DataView(bytes(8).buffer),
  () => new Float64Array([1.5, Number.NaN]),
  () => new Map([["a", 1]]),
  () => new Set(["a", 1]),
  () => new Date(5),
  () => new RangeError("made"),
  () => new Proxy({}, {}),
  () => ({
    toString: () => {
      throw new RangeError("made");
    },
  }),
  () => ({ valueOf: () => 3 }),
  () => ({
    get a(): never {
      throw new RangeError("made");
    },
  }),
  () => new Blob(["blob"], { type: "text/x" }),
  () => new Headers({ a: "b" }),
  () => new URL("https://b.test/c?d=e#f"),
  () => new URLSearchParams("a=1&a=2&b=3"),
  () => form(),
  () => new AbortController().signal,
  () => new Event("a", { cancelable: true }),
  () => new EventTarget(),
];

function form(): FormData {
  const made = new FormData();
  made.append("a", "1");
  made.append("a", "2");
  return made;
}

const stream = (): ReadableStream =>
  new ReadableStream({
    start(controller) {
      controller.enqueue("a");
      controller.close();
    },
  });
const byteStream = (): ReadableStream =>
  new ReadableStream({
    type: "bytes",
    start(controller) {
      controller.enqueue(bytes(3));
      controller.close();
    },
  });

/** Right receivers of the members of a class. */
const instances: Readonly<Record<string, readonly Maker[]>> = {
  Object: [() => ({ a: 1 }), () => [1, 2]],
  Function: [() => (a: unknown) => a, () => class A {}],
  Array: [
    () => [],
    () => [3, 1, 2, 10],
    () => ["b", "a", undefined, "c"],
    () => [1, [2, [3]]],
    () => Object.assign([1], { length: 3 }),
    () => ({ length: 2, 0: "b", 1: "a" }),
  ],
  String: [
    () => "abc",
    () => "",
    () => "ΑΣ Σ ß İ ŉ ﬁ",
    () => "a,b;c😀\ud800é",
    () => "  Mixed Case\t\u00a0\ufeff",
    () => "x".repeat(40),
  ],
  Number: [
    () => 0,
    () => -0,
    () => 1.005,
    () => 123.456,
    () => 1e21,
    () => 5e-324,
    () => Number.NaN,
    () => -255.5,
  ],
  Boolean: [() => true, () => false],
  Symbol: [() => Symbol("a"), () => Symbol.iterator],
  BigInt: [() => 10n, () => -(2n ** 70n)],
  Date: [
    () => new Date(0),
    () => new Date(1_700_000_000_123),
    () => new Date(Number.NaN),
    () => new Date(-1e13),
  ],
  RegExp: [
    () => /a(?<n>b)?/,
    () => /[a-c]/gi,
    () => new RegExp("ſ", "iu"),
    () => /b/y,
    () => /\w+/dgu,
    () => /[\w--b]/v,
  ],
  Error: [() => new Error("a"), () => new TypeError("b", { cause: 1 })],
  AggregateError: [() => new AggregateError([1], "a")],
  Map: [
    () => new Map(),
    () =>
      new Map<unknown, unknown>([
        ["a", 1],
        [Number.NaN, 2],
        [0, 3],
      ]),
  ],
  Set: [() => new Set(), () => new Set(["a", 1, 0])],
  WeakMap: [() => new WeakMap()],
  WeakSet: [() => new WeakSet()],
  Promise: [() => Promise.resolve(1), () => new Promise(() => {})],
  ArrayBuffer: [
    () => new ArrayBuffer(0),
    () => bytes(8).buffer,
    () => new ArrayBuffer(4, { maxByteLength: 8 }),
  ],
  DataView: [() => new DataView(bytes(16).buffer), () => new DataView(bytes(16).buffer, 3, 9)],
  Iterator: [() => [1, 2, 3][Symbol.iterator](), () => new Set([1])[Symbol.iterator]()],
  TextEncoder: [() => new TextEncoder()],
  TextDecoder: [
    () => new TextDecoder(),
    () => new TextDecoder("latin1"),
    () => new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }),
  ],
  URL: [
    () => new URL("https://u:p@a.test:81/b/../c?d=e#f"),
    () => new URL("mailto:a@b.test"),
    () => new URL("file:///a/b"),
  ],
  URLSearchParams: [() => new URLSearchParams(), () => new URLSearchParams("a=1&b=%20+x&a=2")],
  Headers: [
    () => new Headers(),
    () =>
      new Headers([
        ["a", "1"],
        ["A", "2"],
        ["set-cookie", "x"],
        ["set-cookie", "y"],
      ]),
  ],
  FormData: [() => new FormData(), form],
  Blob: [() => new Blob(), () => new Blob(["abc", bytes(3)], { type: "Text/Plain" })],
  File: [() => new File(["abc"], "a.txt", { lastModified: 5 })],
  Request: [
    () => new Request("https://a.test/", { method: "post", body: "abc" }),
    () => new Request("https://a.test/"),
  ],
  Response: [
    () => new Response("abc", { status: 201, headers: { a: "b" } }),
    () => new Response(null),
    () => Response.error(),
  ],
  AbortController: [() => new AbortController()],
  AbortSignal: [() => new AbortController().signal, () => AbortSignal.abort("a")],
  Event: [() => new Event("a", { bubbles: true, cancelable: true })],
  CustomEvent: [() => new CustomEvent("a", { detail: 1 })],
  MessageEvent: [() => new MessageEvent("a", { data: 1 })],
  EventTarget: [() => new EventTarget()],
  DOMException: [() => new DOMException("a", "AbortError")],
  ReadableStream: [stream, byteStream],
  ReadableStreamDefaultReader: [() => stream().getReader()],
  ReadableStreamBYOBReader: [() => byteStream().getReader({ mode: "byob" })],
  WritableStream: [() => new WritableStream()],
  WritableStreamDefaultWriter: [() => new WritableStream().getWriter()],
  TransformStream: [() => new TransformStream()],
  CountQueuingStrategy: [() => new CountQueuingStrategy({ highWaterMark: 3 })],
  ByteLengthQueuingStrategy: [() => new ByteLengthQueuingStrategy({ highWaterMark: 3 })],
  CompressionStream: [() => new CompressionStream("gzip")],
  DecompressionStream: [() => new DecompressionStream("gzip")],
  TextEncoderStream: [() => new TextEncoderStream()],
  TextDecoderStream: [() => new TextDecoderStream()],
  WeakRef: [() => new WeakRef({})],
  FinalizationRegistry: [() => new FinalizationRegistry(() => {})],
  DisposableStack: [() => new DisposableStack()],
  AsyncDisposableStack: [() => new AsyncDisposableStack()],
};

const typedArray = /^(?:Uint8|Int8|Uint8Clamped|Uint16|Int16|Uint32|Int32|Float16|Float32|Float64)Array$/;

export function instancesOf(name: string): readonly Maker[] {
  const made = (globalThis as unknown as Record<string, new (values: unknown) => unknown>)[name];
  if (made !== undefined && typedArray.test(name)) return [() => new made([3, 1, 2]), () => new made([])];
  if (made !== undefined && /^Big.*Array$/.test(name)) return [() => new made([3n, 1n])];
  return Object.hasOwn(instances, name) ? (instances[name] ?? []) : [];
}

/** What a member of `owner` may be called on by mistake. */
export function wrongReceivers(
  owner: object,
  makers: readonly Maker[],
): readonly (readonly [kind: string, make: Maker])[] {
  const [maker] = makers;
  return [
    ["undefined", () => undefined],
    ["null", () => null],
    ["a number", () => 5],
    ["a string", () => "text"],
    ["an object", () => ({})],
    ["a list", () => [1, 2]],
    ["a function", () => () => 1],
    ["a map", () => new Map()],
    ["a date", () => new Date(0)],
    ["a URL", () => new URL("https://a.test/")],
    ["a blob", () => new Blob()],
    ["headers", () => new Headers()],
    ["an event target", () => new EventTarget()],
    ["a proxy", () => new Proxy({}, {})],
    ["an object derived from the owner", () => Object.create(owner) as object],
    ...(isOfLanguage(owner) ? [] : ([["the owner", () => owner]] as const)),
    ...(maker === undefined || !isObject(maker())
      ? []
      : ([["a proxy of its own", () => new Proxy(maker() as object, {})]] as const)),
  ];
}

/** Their own prototypes are not called on: what is changed there is changed for the sweep, too. */
function isOfLanguage(owner: object): boolean {
  return [Object, Function, Array, String, Error, RegExp, Promise, Number, Boolean, Symbol].some(
    (made) => made === owner || made.prototype === owner,
  );
}

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Which arguments a function is called with in a round: none in the first, then one to four of them. */
export function argumentsFor(label: string, round: number, exactly?: number): unknown[] {
  const next = randomOf(hashOf(`${label} ${round}`));
  if (round === 0 && exactly === undefined) return [];
  const count = exactly ?? 1 + Math.floor(next() ** 2 * 4);
  return Array.from({ length: count }, () => values[Math.floor(next() * values.length)]?.());
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}

/** Numbers from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
