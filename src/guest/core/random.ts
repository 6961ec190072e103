/**
 * All randomness of a workflow, derived from the 32 bytes that its journal recorded: the same seed gives the same
 * numbers on every replay.
 *
 * During the evaluation of a workflow there is no execution and so no seed. Numbers then come from a fixed key,
 * because some packages draw numbers at their top level and must not fail. These numbers are the same in every
 * execution, so they are neither secret nor unique.
 */
import { randomStream, type RandomStream } from "./random-stream.ts";
import { QuotaExceededError } from "./quota-exceeded-error.ts";
import { xoshiro128 } from "./xoshiro128.ts";

const seedBytes = 32;

/** The limit of the Web Cryptography API. */
const maxRandomBytes = 65_536;

/**
 * One generator per purpose, so that the numbers of one do not depend on the draws from another. Each is created
 * when it is first needed, as most executions draw no numbers.
 */
interface Generators {
  math: () => number;
  values: RandomStream;
  uuid: RandomStream;
  boundary: RandomStream;
  callback: RandomStream;
  pause: () => number;
  keys: RandomStream;
}

let secretTag: string | undefined;

let seed: Uint8Array = new Uint8Array(seedBytes);
let generators: Partial<Generators> = {};

/** @throws {RangeError} if the seed is not 32 bytes long */
export function seedRandom(bytes: Uint8Array): void {
  if (bytes.length !== seedBytes) throw new RangeError(`A seed has 32 bytes, not ${bytes.length}`);
  seed = bytes;
  generators = {};
  secretTag = undefined;
}

/** Restores the fixed key that is used without a seed. */
export function resetSeed(): void {
  seedRandom(new Uint8Array(seedBytes));
}

/**
 * `Math.random`: 53 random bits in [0, 1). It is fast and, as on other platforms, not suitable for secrets. It is
 * defined as a method because the language's functions are not constructors.
 */
export const { random } = {
  random(this: void): number {
    return fractionOf((generators.math ??= mathGenerator(randomStream(seed, 0))));
  },
};

/** Like `Math.random`, for the runtime's own random decisions. */
export function randomPart(): number {
  return fractionOf((generators.pause ??= mathGenerator(randomStream(seed, 5))));
}

/** `crypto.getRandomValues`. */
export function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (!isIntegerArray(view)) {
    throw new DOMException("getRandomValues fills an array of integers, nothing else", "TypeMismatchError");
  }
  if (view.byteLength > maxRandomBytes) {
    const message = `getRandomValues fills at most ${maxRandomBytes} bytes at a time, not ${view.byteLength}`;
    throw new QuotaExceededError(message);
  }
  (generators.values ??= randomStream(seed, 1)).fillBytes(
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  );
  return view;
}

/** `crypto.randomUUID`: version 4 of RFC 9562. */
export function randomUUID(): string {
  const bytes = new Uint8Array(16);
  (generators.uuid ??= randomStream(seed, 2)).fillBytes(bytes);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The boundary between the parts of a multipart body: 32 hexadecimal digits. */
export function randomBoundary(): string {
  const bytes = new Uint8Array(16);
  (generators.boundary ??= randomStream(seed, 3)).fillBytes(bytes);
  return hexOf(bytes);
}

/**
 * The part of a callback's URL that makes it impossible to guess: 64 hexadecimal digits. `callback-token.ts`
 * verifies them.
 */
export function randomCallbackSecret(): string {
  const bytes = new Uint8Array(32);
  (generators.callback ??= randomStream(seed, 4)).fillBytes(bytes);
  return hexOf(bytes);
}

/** Random bytes of any length for cryptographic keys, salts and seeds, from a separate generator. */
export function randomKeyBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  (generators.keys ??= randomStream(seed, 7)).fillBytes(bytes);
  return bytes;
}

function fractionOf(nextWord: () => number): number {
  const high = nextWord() >>> 5;
  const low = nextWord() >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}

/**
 * The part of a secret's placeholder that other executions cannot guess: 32 hexadecimal digits, one for each
 * execution.
 */
export function randomSecretTag(): string {
  if (secretTag !== undefined) return secretTag;
  const bytes = new Uint8Array(16);
  randomStream(seed, 6).fillBytes(bytes);
  return (secretTag = hexOf(bytes));
}

function mathGenerator({ nextWord }: RandomStream): () => number {
  return xoshiro128([nextWord(), nextWord(), nextWord(), nextWord()]);
}

const integerArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
];

function isIntegerArray(view: unknown): view is ArrayBufferView<ArrayBuffer> {
  return integerArrays.some((type) => view instanceof type);
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (let i = 0; i < bytes.length; i += 1) hex += hexOfByte[bytes[i] as number];
  return hex;
}
