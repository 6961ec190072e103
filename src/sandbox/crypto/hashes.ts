import { blake2b, blake2s } from "@noble/hashes/blake2.js";
import { md5, ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from "@noble/hashes/sha2.js";
import { sha3_224, sha3_256, sha3_384, sha3_512 } from "@noble/hashes/sha3.js";
import type { CHash } from "@noble/hashes/utils.js";
import { fuelOf } from "./computation.ts";

/** A hash function and its cost. */
export interface Hash {
  readonly hash: CHash;
  /** The cost of one block of `hash.blockLen` bytes. */
  readonly blockMicroseconds: number;
}

/** By the names of the Web Cryptography API, or Node's if it has none. */
export const hashes: ReadonlyMap<string, Hash> = new Map([
  ["SHA-1", { hash: sha1, blockMicroseconds: 0.25 }],
  ["SHA-224", { hash: sha224, blockMicroseconds: 0.35 }],
  ["SHA-256", { hash: sha256, blockMicroseconds: 0.35 }],
  ["SHA-384", { hash: sha384, blockMicroseconds: 1.5 }],
  ["SHA-512", { hash: sha512, blockMicroseconds: 1.5 }],
  ["SHA-512/224", { hash: sha512_224, blockMicroseconds: 1.5 }],
  ["SHA-512/256", { hash: sha512_256, blockMicroseconds: 1.5 }],
  ["SHA3-224", { hash: sha3_224, blockMicroseconds: 3 }],
  ["SHA3-256", { hash: sha3_256, blockMicroseconds: 3 }],
  ["SHA3-384", { hash: sha3_384, blockMicroseconds: 3 }],
  ["SHA3-512", { hash: sha3_512, blockMicroseconds: 3 }],
  ["MD5", { hash: md5, blockMicroseconds: 0.25 }],
  ["RIPEMD-160", { hash: ripemd160, blockMicroseconds: 0.5 }],
  ["BLAKE2b-512", { hash: blake2b, blockMicroseconds: 2 }],
  ["BLAKE2s-256", { hash: blake2s, blockMicroseconds: 0.5 }],
]);

/** The cost of hashing `bytes` bytes, including padding and set-up. */
export function hashFuel({ hash, blockMicroseconds }: Hash, bytes: number): number {
  return fuelOf((Math.ceil(bytes / hash.blockLen) + 2) * blockMicroseconds + 2);
}
