import { assertUsages } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { compute } from "../keys/compute.ts";
import { createKey } from "../keys/crypto-key.ts";
import type { KeyRecord, KeyUsage } from "../keys/crypto-key.ts";
import { dataError, operationError, orThrow } from "../keys/errors.ts";
import { octet, unsignedShort } from "../keys/fields.ts";
import { randomKeyBytes } from "../../../core/random.ts";
import { exportSecret, readSecret, secretOf } from "./secret-keys.ts";
import type { SecretJwk } from "./secret-keys.ts";

type Direction = "encrypt" | "decrypt";

/** NIST SP 800-38A. */
export const aesCbc: Algorithm = {
  ...aesKeys("CBC"),
  ...inBothDirections((direction) => (fields) => {
    const iv = fields.bytes("iv");
    return (key, data) => {
      if (iv.length !== 16) throw operationError("The iv of AES-CBC must have 16 bytes");
      return aes("aes-cbc", { direction, padding: "pkcs7" }, secretOf(key), iv, data);
    };
  }),
};

export const aesCtr: Algorithm = {
  ...aesKeys("CTR"),
  ...inBothDirections(() => (fields) => {
    const counter = fields.bytes("counter");
    const counterBits = fields.count("length", octet);
    return (key, data) => {
      if (counter.length !== 16) throw operationError("The counter of AES-CTR must have 16 bytes");
      if (counterBits === 0 || counterBits > 128)
        throw operationError("The length of the counter must be from 1 to 128 bits");
      return aes("aes-ctr", { counterBits }, secretOf(key), counter, data);
    };
  }),
};

const tagLengths = [32, 64, 96, 104, 112, 120, 128];

/** NIST SP 800-38D. */
export const aesGcm: Algorithm = {
  ...aesKeys("GCM"),
  ...inBothDirections((direction) => (fields) => {
    const iv = fields.bytes("iv");
    const additional = fields.optionalBytes("additionalData") ?? new Uint8Array();
    const tagLength = fields.optionalCount("tagLength", octet) ?? 128;
    return (key, data) => {
      if (!tagLengths.includes(tagLength))
        throw operationError(`The tag of AES-GCM has one of ${tagLengths.join(", ")} bits`);
      if (iv.length < 8) throw operationError("The iv of AES-GCM must have 8 bytes or more");
      return aes("aes-gcm", { direction, tagBytes: tagLength / 8 }, secretOf(key), iv, additional, data);
    };
  }),
};

/** RFC 3394. */
export const aesKw: Algorithm = {
  ...aesKeys("KW"),
  wrapKey: () => (key, data) => wrap("encrypt", key, data),
  unwrapKey: () => (key, data) => wrap("decrypt", key, data),
};

function wrap(direction: Direction, key: KeyRecord, data: Bytes): Bytes {
  if (data.length % 8 !== 0 || data.length < 16)
    throw operationError("AES-KW wraps 16 bytes or more, in steps of 8");
  return aes("aes-kw", { direction }, secretOf(key), data);
}

function aes(operation: string, parameters: object, ...inputs: readonly Bytes[]): Bytes {
  return orThrow(
    () => compute(operation, parameters, ...inputs),
    () => operationError("The data cannot be processed with this key and these parameters"),
  );
}

function inBothDirections(
  make: (direction: Direction) => NonNullable<Algorithm["encrypt"]>,
): Required<Pick<Algorithm, "encrypt" | "decrypt">> {
  return { encrypt: make("encrypt"), decrypt: make("decrypt") };
}

function aesKeys(
  mode: string,
): Required<Pick<Algorithm, "name" | "generateKey" | "importKey" | "exportKey" | "keyLength">> {
  const name = `AES-${mode}`;
  const wrapping: readonly KeyUsage[] = ["wrapKey", "unwrapKey"];
  const usages: readonly KeyUsage[] = mode === "KW" ? wrapping : ["encrypt", "decrypt", ...wrapping];
  const jwk: SecretJwk = { name, use: "enc", alg: (secret) => `A${8 * secret.length}${mode}` };
  return {
    name,

    generateKey(fields) {
      const length = fields.count("length", unsignedShort);
      return (options) => {
        assertUsages(options.usages, usages, `A key of ${name}`);
        if (!isLength(length)) throw operationError("A key of AES has 128, 192 or 256 bits");
        const material = { secret: randomKeyBytes(length / 8) };
        return createKey({ type: "secret", algorithm: { name, length }, material, ...options });
      };
    },

    importKey: () => (source, options) => {
      assertUsages(options.usages, usages, `A key of ${name}`);
      const secret = readSecret(source, options, jwk);
      const length = 8 * secret.length;
      if (!isLength(length)) throw dataError("A key of AES has 128, 192 or 256 bits");
      return createKey({ type: "secret", algorithm: { name, length }, material: { secret }, ...options });
    },

    exportKey: (format, key) => exportSecret(format, key, jwk),

    keyLength(fields) {
      const length = fields.count("length", unsignedShort);
      if (!isLength(length)) throw operationError("A key of AES has 128, 192 or 256 bits");
      return length;
    },
  };
}

function isLength(bits: number): boolean {
  return bits === 128 || bits === 192 || bits === 256;
}
