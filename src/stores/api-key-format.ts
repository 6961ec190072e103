import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";

/**
 * An API key is `dur_`, then 160 random bits, then the CRC-32 of everything before it, both in base 62. The prefix lets
 * scanners find leaked keys, and the checksum distinguishes a mistyped key from a revoked one without a look-up.
 */

const keyStart = "dur_";
const secretBytes = 20;
/** 62^27 > 2^160. */
const secretCharacters = 27;
/** 62^6 > 2^32. */
const checksumCharacters = 6;
const keyPattern = new RegExp(`^${keyStart}[0-9A-Za-z]{${secretCharacters + checksumCharacters}}$`);
const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new key, 37 characters. */
export function generateApiKey(): string {
  const secret = BigInt(`0x${randomBytes(secretBytes).toString("hex")}`);
  const unchecked = keyStart + toBase62(secret, secretCharacters);
  return unchecked + checksumOf(unchecked);
}

/**
 * True if a key has the form and the checksum of a generated one. A root key that the operator chose may have neither.
 */
export function isWellFormedApiKey(text: string): boolean {
  if (!keyPattern.test(text)) return false;
  return text.slice(-checksumCharacters) === checksumOf(text.slice(0, -checksumCharacters));
}

/**
 * The part of a key that may be shown to identify it: 12 characters, which leave more than 110 random bits unknown. Of
 * a key that the operator chose, only the first 4, because it may be short.
 */
export function apiKeyPrefix(key: string): string {
  return key.slice(0, isWellFormedApiKey(key) ? 12 : 4);
}

/** The stored form of a key. A plain hash suffices, because 160 random bits cannot be guessed. */
export function hashApiKey(key: string): Digest {
  return digestOf(key);
}

function checksumOf(text: string): string {
  return toBase62(BigInt(crc32(text)), checksumCharacters);
}

function toBase62(value: bigint, length: number): string {
  let digits = "";
  for (let rest = value; rest > 0n; rest /= 62n) digits = base62Digits.charAt(Number(rest % 62n)) + digits;
  return digits.padStart(length, "0");
}
