import { digestOf } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { digestBytes } from "../keys/fields.ts";
import type { HashName } from "../keys/fields.ts";
import { concat, isEqual } from "../keys/numbers.ts";

/**
 * The paddings of RFC 8017. They return and accept as many bytes as the modulus has. `undefined` means that the
 * padding is not valid.
 */

/** The DER encoding of a DigestInfo, up to the digest. */
const digestInfos: Readonly<Partial<Record<HashName, string>>> = {
  "SHA-1": "3021300906052b0e03021a05000414",
  "SHA-256": "3031300d060960864801650304020105000420",
  "SHA-384": "3041300d060960864801650304020205000430",
  "SHA-512": "3051300d060960864801650304020305000440",
  "SHA3-256": "3031300d060960864801650304020805000420",
  "SHA3-384": "3041300d060960864801650304020905000430",
  "SHA3-512": "3051300d060960864801650304020a05000440",
};

/** EMSA-PKCS1-v1_5, section 9.2. */
export function padForPkcs1(hash: HashName, data: Bytes, length: number): Bytes | undefined {
  const info = concat(Uint8Array.fromHex(digestInfos[hash] as string), digestOf(hash, data));
  const fill = length - info.length - 3;
  if (fill < 8) return undefined;
  return concat(Uint8Array.of(0, 1), new Uint8Array(fill).fill(0xff), Uint8Array.of(0), info);
}

/** EMSA-PSS, section 9.1.1. @param bits of the modulus */
export function padForPss(hash: HashName, data: Bytes, salt: Bytes, bits: number): Bytes | undefined {
  const length = Math.ceil((bits - 1) / 8);
  const fill = length - digestBytes[hash] - salt.length - 2;
  if (fill < 0) return undefined;
  const digest = pssDigest(hash, data, salt);
  const block = concat(new Uint8Array(fill), Uint8Array.of(1), salt);
  const masked = xor(block, mask(hash, digest, block.length));
  masked[0] = (masked[0] as number) & (0xff >> (8 * length - (bits - 1)));
  return concat(new Uint8Array(Math.ceil(bits / 8) - length), masked, digest, Uint8Array.of(0xbc));
}

/** EMSA-PSS, section 9.1.2. */
export function isPaddedForPss(
  hash: HashName,
  data: Bytes,
  padded: Bytes,
  { bits, saltLength }: { readonly bits: number; readonly saltLength: number },
): boolean {
  const length = Math.ceil((bits - 1) / 8);
  const before = padded.length - length;
  const message = padded.subarray(before);
  const fill = length - digestBytes[hash] - saltLength - 2;
  if (fill < 0 || message.at(-1) !== 0xbc || padded.subarray(0, before).some((byte) => byte !== 0))
    return false;
  const masked = message.subarray(0, length - digestBytes[hash] - 1);
  const digest = message.subarray(masked.length, length - 1);
  const unused = 0xff & ~(0xff >> (8 * length - (bits - 1)));
  if (((masked[0] as number) & unused) !== 0) return false;
  const block = xor(masked, mask(hash, digest, masked.length));
  block[0] = (block[0] as number) & ~unused;
  if (block.subarray(0, fill).some((byte) => byte !== 0) || block[fill] !== 1) return false;
  return isEqual(digest, pssDigest(hash, data, block.subarray(fill + 1)));
}

function pssDigest(hash: HashName, data: Bytes, salt: Bytes): Bytes {
  return digestOf(hash, concat(new Uint8Array(8), digestOf(hash, data), salt));
}

/** EME-OAEP, section 7.1.1. */
export function padForOaep(
  hash: HashName,
  data: Bytes,
  { label, seed, length }: { readonly label: Bytes; readonly seed: Bytes; readonly length: number },
): Bytes | undefined {
  const fill = length - data.length - 2 * seed.length - 2;
  if (fill < 0) return undefined;
  const block = concat(digestOf(hash, label), new Uint8Array(fill), Uint8Array.of(1), data);
  const masked = xor(block, mask(hash, seed, block.length));
  return concat(Uint8Array.of(0), xor(seed, mask(hash, masked, seed.length)), masked);
}

/** EME-OAEP, section 7.1.2. All failures give the same error, so that none reveals anything about the key. */
export function unpadFromOaep(hash: HashName, padded: Bytes, label: Bytes): Bytes | undefined {
  const hashBytes = digestBytes[hash];
  if (padded.length < 2 * hashBytes + 2) return undefined;
  const masked = padded.subarray(1 + hashBytes);
  const seed = xor(padded.subarray(1, 1 + hashBytes), mask(hash, masked, hashBytes));
  const block = xor(masked, mask(hash, seed, masked.length));
  const isLabelled = isEqual(block.subarray(0, hashBytes), digestOf(hash, label));
  const separator = block.findIndex((byte, index) => index >= hashBytes && byte !== 0);
  const isRight = isLabelled && padded[0] === 0 && block[separator] === 1;
  return isRight ? block.slice(separator + 1) : undefined;
}

/** MGF1, appendix B.2.1. */
function mask(hash: HashName, seed: Bytes, length: number): Bytes {
  const parts: Bytes[] = [];
  const input = concat(seed, new Uint8Array(4));
  const counter = new DataView(input.buffer, seed.length);
  for (let i = 0; i * digestBytes[hash] < length; i += 1) {
    counter.setUint32(0, i);
    parts.push(digestOf(hash, input));
  }
  return concat(...parts).subarray(0, length);
}

function xor(one: Bytes, other: Bytes): Bytes {
  return one.map((byte, index) => byte ^ (other[index] as number));
}
