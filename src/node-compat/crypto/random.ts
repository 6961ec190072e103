/** Random values, which follow from the execution's seed and so are the same on every replay. */
import { Buffer } from "node:buffer";
import { callLater, assertRange } from "./bytes.ts";

type Done<T> = (error: Error | null, value?: T) => void;

/** The limit of one call of `getRandomValues`. */
const maxRandomBytes = 65_536;

function fill(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += maxRandomBytes)
    crypto.getRandomValues(bytes.subarray(at, at + maxRandomBytes) as Uint8Array<ArrayBuffer>);
}

function generate(size: number): Buffer {
  assertRange("size", size, { min: 0, max: 2 ** 31 - 1 });
  const bytes = Buffer.alloc(size);
  fill(bytes);
  return bytes;
}

export function randomBytes(size: number, done?: Done<Buffer>): Buffer | undefined {
  if (done === undefined) return generate(size);
  callLater(() => generate(size), done);
  return undefined;
}
export { randomBytes as pseudoRandomBytes };

export function randomFillSync<T extends ArrayBuffer | NodeJS.ArrayBufferView>(
  target: T,
  offset = 0,
  size?: number,
): T {
  const bytes = ArrayBuffer.isView(target)
    ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    : new Uint8Array(target);
  fill(bytes.subarray(offset, size === undefined ? undefined : offset + size));
  return target;
}

export function randomFill<T extends NodeJS.ArrayBufferView>(target: T, ...rest: readonly unknown[]): void {
  const [offset, size] = rest.slice(0, -1) as number[];
  callLater(() => randomFillSync(target, offset, size), rest.at(-1) as Done<T>);
}

/** A uniformly distributed whole number of at least `min` and below `max`. */
function wholeNumber(min: number, max: number): number {
  const range = max - min;
  if (!(range > 0 && range <= 2 ** 48 - 1 && Number.isSafeInteger(min) && Number.isSafeInteger(max)))
    throw Object.assign(
      new RangeError(
        `The value of "max" is out of range. It must be greater than the value of "min" (${min}). Received ${max}`,
      ),
      { code: "ERR_OUT_OF_RANGE" },
    );
  const limit = 2 ** 48 - (2 ** 48 % range);
  for (;;) {
    const value = generate(6).readUIntBE(0, 6);
    if (value < limit) return min + (value % range);
  }
}

export function randomInt(...args: readonly unknown[]): number | undefined {
  const done = typeof args.at(-1) === "function" ? (args.at(-1) as Done<number>) : undefined;
  const bounds = args.filter((each) => typeof each === "number");
  const [min = 0, max = 0] = bounds.length > 1 ? bounds : [0, ...bounds];
  if (done === undefined) return wholeNumber(min, max);
  callLater(() => wholeNumber(min, max), done);
  return undefined;
}

export function randomUUID(): string {
  return crypto.randomUUID();
}

export function getRandomValues<T extends NodeJS.ArrayBufferView>(target: T): T {
  return crypto.getRandomValues(target as never);
}
