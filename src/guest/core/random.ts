/**
 * All randomness of a workflow, drawn from the 32 bytes that its journal recorded: the same seed gives the
 * same numbers on every replay.
 *
 * While a workflow is loaded there is no execution and so no seed: numbers come from a fixed key, because
 * packages draw some at their top level and must not fail. They are the same in every execution, so nothing
 * drawn there is a secret, or unique.
 */
import { randomStream, type RandomStream } from "./chacha20.ts";
import { QuotaExceededError } from "./quota-exceeded-error.ts";
import { xoshiro128 } from "./xoshiro128.ts";

const seedBytes = 32;

/** As the Web Cryptography API has it. */
const maxRandomBytes = 65_536;

/**
 * One for each purpose: the numbers of one do not depend on how many another took. Most executions draw
 * none, so each is made when it is first needed.
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

/** @throws {RangeError} where the seed is not of 32 bytes */
export function seedRandom(bytes: Uint8Array): void {
  if (bytes.length !== seedBytes) throw new RangeError(`A seed has 32 bytes, not ${bytes.length}`);
  seed = bytes;
  generators = {};
  secretTag = undefined;
}

/** As before there was a seed. */
export function resetSeed(): void {
  seedRandom(new Uint8Array(seedBytes));
}

/**
 * `Math.random`: 53 random bits in [0, 1). Fast, and as elsewhere nothing to make secrets of. A method, as functions of the
 * language are no constructors.
 */
export const { random } = {
  random(this: void): number {
    return fractionOf((generators.math ??= mathGenerator(randomStream(seed, 0))));
  },
};

/** As `Math.random`, for what the runtime itself leaves to chance. */
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

/** What parts of a multipart body are told apart by: 32 hexadecimal digits. */
export function randomBoundary(): string {
  const bytes = new Uint8Array(16);
  (generators.boundary ??= randomStream(seed, 3)).fillBytes(bytes);
  return hexOf(bytes);
}

/** What makes the URL of a callback impossible to guess: 64 hexadecimal digits. `callback-token.ts` verifies them. */
export function randomCallbackSecret(): string {
  const bytes = new Uint8Array(32);
  (generators.callback ??= randomStream(seed, 4)).fillBytes(bytes);
  return hexOf(bytes);
}

/** What keys, salts and seeds of cryptography are made of: numbers of their own, however many bytes. */
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

/** What nobody else can make a secret's placeholder with: 32 hexadecimal digits, one for each execution. */
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
