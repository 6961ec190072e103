/** `node:crypto` on the host's synchronous cryptography. */
import { bytesOf } from "../crypto/bytes.ts";

export { createCipheriv, createDecipheriv, Cipheriv, Decipheriv, getCiphers } from "../crypto/cipher.ts";
export { hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync } from "../crypto/derive.ts";
export { getHashes } from "../crypto/digest-name.ts";
export { generateKeyPair, generateKeyPairSync, generateKeySync } from "../crypto/generate.ts";
export { createHash, createHmac, hash, Hash, Hmac } from "../crypto/hash.ts";
export { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from "../crypto/key-object.ts";
export {
  getRandomValues,
  pseudoRandomBytes,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
} from "../crypto/random.ts";
export { privateDecrypt, publicEncrypt } from "../crypto/rsa-cipher.ts";
export { createSign, createVerify, sign, Sign, verify, Verify } from "../crypto/sign.ts";

export const webcrypto = globalThis.crypto;
export const { subtle } = globalThis.crypto;
export const getCurves = (): readonly string[] => ["prime256v1", "secp384r1", "secp521r1"];
export const getFips = (): number => 0;

/** Always compares every byte. */
export function timingSafeEqual(one: NodeJS.ArrayBufferView, other: NodeJS.ArrayBufferView): boolean {
  const [left, right] = [bytesOfView("buf1", one), bytesOfView("buf2", other)];
  if (left.length !== right.length)
    throw Object.assign(new RangeError("Input buffers must have the same byte length"), {
      code: "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
    });
  return left.reduce((difference, byte, at) => difference | (byte ^ (right[at] ?? 0)), 0) === 0;
}

function bytesOfView(name: string, value: unknown): Buffer {
  if (typeof value !== "string") return bytesOf(value);
  const message = `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView. Received type string`;
  throw Object.assign(new TypeError(message), { code: "ERR_INVALID_ARG_TYPE" });
}
