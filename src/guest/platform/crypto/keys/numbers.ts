/** Unsigned numbers as big-endian bytes. */
import type { Bytes } from "./bytes.ts";

export function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toHex()}`);
}

/** @param length of the result. Defaults to as few bytes as possible, and at least one */
export function bytesOfNumber(number: bigint, length?: number): Bytes {
  const hex = number.toString(16);
  const digits = length === undefined ? hex.length + (hex.length % 2) : 2 * length;
  return Uint8Array.fromHex(hex.padStart(digits, "0"));
}

/** The number without leading zeros, at least one byte long. */
export function trimmed(bytes: Bytes): Bytes {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** @returns `undefined` if the numbers have a common divisor, and so no inverse exists */
export function inverse(number: bigint, modulus: bigint): bigint | undefined {
  let [a, b, x, y] = [number % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  if (a !== 1n) return undefined;
  return x < 0n ? x + modulus : x;
}

export function bitLength(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  return start === bytes.length ? 0 : 8 * (bytes.length - start) - (Math.clz32(bytes[start] as number) - 24);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Compares in a time that does not reveal where the inputs differ. */
export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i += 1) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
