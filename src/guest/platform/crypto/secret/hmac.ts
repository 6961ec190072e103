import { assertUsages } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import { compute } from "../keys/compute.ts";
import { createKey } from "../keys/crypto-key.ts";
import type { KeyRecord, KeyUsage } from "../keys/crypto-key.ts";
import { dataError, operationError } from "../keys/errors.ts";
import { blockBytes, unsignedLong } from "../keys/fields.ts";
import type { Fields, HashName } from "../keys/fields.ts";
import type { Bytes } from "../keys/bytes.ts";
import { isEqual } from "../keys/numbers.ts";
import { randomKeyBytes } from "../../../core/random.ts";
import { exportSecret, readSecret, secretOf } from "./secret-keys.ts";
import type { SecretJwk } from "./secret-keys.ts";

const usages: readonly KeyUsage[] = ["sign", "verify"];

/** RFC 2104. */
export const hmac: Algorithm = {
  name: "HMAC",

  generateKey(fields) {
    const hash = fields.hash("hash");
    const bits = lengthIn(fields, hash);
    return (options) => {
      assertUsages(options.usages, usages, "A key of HMAC");
      if (bits === 0) throw operationError("A key of HMAC must have some length");
      const secret = firstBits(randomKeyBytes(Math.ceil(bits / 8)), bits);
      const algorithm = { name: "HMAC", length: bits, hash: { name: hash } };
      return createKey({ type: "secret", algorithm, material: { secret }, ...options });
    };
  },

  importKey(fields) {
    const hash = fields.hash("hash");
    const length = fields.optionalCount("length", unsignedLong);
    return (source, options) => {
      assertUsages(options.usages, usages, "A key of HMAC");
      const secret = readSecret(source, options, jwkOf(hash));
      if (secret.length === 0) throw dataError("A key of HMAC must have some length");
      const all = 8 * secret.length;
      const bits = length ?? all;
      if (bits > all || bits <= all - 8)
        throw dataError(`The key has ${all} bits, and its length is said to be ${bits}`);
      const algorithm = { name: "HMAC", length: bits, hash: { name: hash } };
      return createKey({
        type: "secret",
        algorithm,
        material: { secret: firstBits(secret, bits) },
        ...options,
      });
    };
  },

  exportKey: (format, key) => exportSecret(format, key, jwkOf(hashOf(key))),
  sign: () => (key, data) => authenticate(key, data),
  verify: () => (key, signature, data) => isEqual(signature, authenticate(key, data)),
  keyLength: (fields) => lengthIn(fields, fields.hash("hash")),
};

function lengthIn(fields: Fields, hash: HashName): number {
  const bits = fields.optionalCount("length", unsignedLong) ?? 8 * blockBytes[hash];
  if (bits === 0) throw operationError("A key of HMAC must have some length");
  return bits;
}

function authenticate(key: KeyRecord, data: Bytes): Bytes {
  return compute("hmac", { hash: hashOf(key) }, secretOf(key), data);
}

function hashOf({ algorithm }: KeyRecord): HashName {
  return algorithm.hash?.name as HashName;
}

function jwkOf(hash: HashName): SecretJwk {
  return { name: "HMAC", use: "sig", alg: () => `HS${hash.replace(/^SHA-/, "")}` };
}

/** The bits of the last byte beyond the length are zero. */
function firstBits(bytes: Bytes, bits: number): Bytes {
  const last = bytes.length - 1;
  const over = 8 * bytes.length - bits;
  return over === 0 ? bytes : bytes.with(last, (bytes[last] as number) & (0xff << over));
}
