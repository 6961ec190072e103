import { createPair, assertUsages } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { compute } from "../keys/compute.ts";
import { createKey } from "../keys/crypto-key.ts";
import type { KeyRecord, KeyUsage, RsaNumbers } from "../keys/crypto-key.ts";
import { invalidAccess, operationError, orThrow } from "../keys/errors.ts";
import { digestBytes, unsignedLong } from "../keys/fields.ts";
import type { HashName } from "../keys/fields.ts";
import { bitLength, isEqual, numberOf, trimmed } from "../keys/numbers.ts";
import { randomKeyBytes } from "../../../core/random.ts";
import { generateRsaNumbers } from "./rsa-generation.ts";
import { exportRsaKey, readRsaKey } from "./rsa-keys.ts";
import type { RsaPrivateNumbers } from "./rsa-keys.ts";
import { isPaddedForPss, padForOaep, padForPkcs1, padForPss, unpadFromOaep } from "./rsa-padding.ts";

/** RFC 8017, section 8.2. */
export const rsaPkcs1: Algorithm = {
  ...rsaKeys("RSASSA-PKCS1-v1_5", {
    use: "sig",
    publicUsages: ["verify"],
    privateUsages: ["sign"],
    alg: (hash) => `RS${shortName(hash)}`,
  }),
  sign: () => (key, data) => {
    assertType(key, "private");
    const padded = padForPkcs1(hashOf(key), data, modulusBytes(key));
    if (padded === undefined) throw tooShort();
    return privatePower(key, padded);
  },
  verify: () => (key, signature, data) => {
    assertType(key, "public");
    const padded = padForPkcs1(hashOf(key), data, modulusBytes(key));
    const power = publicPower(key, signature);
    return padded !== undefined && power !== undefined && isEqual(power, padded);
  },
};

/** RFC 8017, section 8.1. */
export const rsaPss: Algorithm = {
  ...rsaKeys("RSA-PSS", {
    use: "sig",
    publicUsages: ["verify"],
    privateUsages: ["sign"],
    alg: (hash) => `PS${shortName(hash)}`,
  }),
  sign(fields) {
    const saltLength = fields.count("saltLength", unsignedLong);
    return (key, data) => {
      assertType(key, "private");
      if (saltLength > modulusBytes(key)) throw tooShort();
      const padded = padForPss(hashOf(key), data, randomKeyBytes(saltLength), modulusBits(key));
      if (padded === undefined) throw tooShort();
      return privatePower(key, padded);
    };
  },
  verify(fields) {
    const saltLength = fields.count("saltLength", unsignedLong);
    return (key, signature, data) => {
      assertType(key, "public");
      const power = publicPower(key, signature);
      const lengths = { bits: modulusBits(key), saltLength };
      return power !== undefined && isPaddedForPss(hashOf(key), data, power, lengths);
    };
  },
};

/** RFC 8017, section 7.1. */
export const rsaOaep: Algorithm = {
  ...rsaKeys("RSA-OAEP", {
    use: "enc",
    publicUsages: ["encrypt", "wrapKey"],
    privateUsages: ["decrypt", "unwrapKey"],
    alg: (hash) => (hash === "SHA-1" ? "RSA-OAEP" : `RSA-OAEP-${shortName(hash)}`),
  }),
  encrypt(fields) {
    const label = fields.optionalBytes("label") ?? new Uint8Array();
    return (key, data) => {
      assertType(key, "public");
      const seed = randomKeyBytes(digestBytes[hashOf(key)]);
      const padded = padForOaep(hashOf(key), data, { label, seed, length: modulusBytes(key) });
      const power = padded === undefined ? undefined : publicPower(key, padded);
      if (power === undefined) throw operationError("The data are too long for a key of this length");
      return power;
    };
  },
  decrypt(fields) {
    const label = fields.optionalBytes("label") ?? new Uint8Array();
    return (key, data) => {
      assertType(key, "private");
      const plain =
        data.length === modulusBytes(key) && numberOf(data) < numberOf(numbersOf(key).n)
          ? unpadFromOaep(hashOf(key), privatePower(key, data), label)
          : undefined;
      if (plain === undefined) throw operationError("The data cannot be decrypted with this key");
      return plain;
    };
  },
};

interface RsaScheme {
  readonly use: "sig" | "enc";
  readonly publicUsages: readonly KeyUsage[];
  readonly privateUsages: readonly KeyUsage[];
  /** The value of `alg` in a JWK of such a key. */
  readonly alg: (hash: HashName) => string;
}

function rsaKeys(
  name: string,
  { use, publicUsages, privateUsages, alg }: RsaScheme,
): Required<Pick<Algorithm, "name" | "generateKey" | "importKey" | "exportKey">> {
  return {
    name,

    generateKey(fields) {
      const modulusLength = fields.count("modulusLength", unsignedLong);
      const publicExponent = fields.bytes("publicExponent");
      const hash = fields.hash("hash");
      return (options) => {
        assertUsages(options.usages, [...publicUsages, ...privateUsages], `A key of ${name}`);
        const exponent = numberOf(publicExponent);
        if (modulusLength < 512 || modulusLength > 8_192)
          throw operationError("A key of RSA is made with 512 to 8192 bits");
        if (exponent < 3n || exponent > 0xffff_ffffn || exponent % 2n === 0n)
          throw operationError("The public exponent must be odd, from 3 to 4294967295");
        const rsa = generateRsaNumbers(modulusLength, exponent);
        return createPair({ algorithm: algorithmOf(rsa, hash), material: { rsa } }, options, publicUsages);
      };
    },

    importKey(fields) {
      const hash = fields.hash("hash");
      return (source, options) => {
        const isPrivate = source.format === "jwk" ? source.jwk["d"] !== undefined : source.format === "pkcs8";
        const allowed = isPrivate ? privateUsages : publicUsages;
        assertUsages(options.usages, allowed, `A ${isPrivate ? "private" : "public"} key of ${name}`);
        const rsa = readRsaKey(source, options, { use, alg: alg(hash) });
        const type = isPrivate ? "private" : "public";
        return createKey({ type, algorithm: algorithmOf(rsa, hash), material: { rsa }, ...options });
      };
    },

    exportKey: (format, key) => exportRsaKey(format, key, alg(hashOf(key))),
  };

  function algorithmOf({ n, e }: RsaNumbers, hash: HashName): KeyRecord["algorithm"] {
    return { name, modulusLength: bitLength(n), publicExponent: trimmed(e), hash: { name: hash } };
  }
}

function privatePower(key: KeyRecord, padded: Bytes): Bytes {
  const { n, e, d, p, q, dp, dq, qi } = numbersOf(key) as RsaPrivateNumbers;
  return orThrow(
    () => compute("rsa-private", {}, n, e, d, p, q, dp, dq, qi, padded),
    () => operationError("The key cannot be computed with"),
  );
}

/** @returns `undefined` if the data is not a number below the modulus and of its length */
function publicPower(key: KeyRecord, data: Bytes): Bytes | undefined {
  const { n, e } = numbersOf(key);
  if (data.length !== n.length || numberOf(data) >= numberOf(n)) return undefined;
  return orThrow(
    () => compute("rsa-public", {}, n, e, data),
    () => operationError("The key cannot be computed with"),
  );
}

function assertType({ type }: KeyRecord, needed: "public" | "private"): void {
  if (type !== needed) throw invalidAccess(`A ${type} key was given where it takes a ${needed} one`);
}

function numbersOf({ material }: KeyRecord): RsaNumbers {
  return material.rsa as RsaNumbers;
}

function modulusBytes(key: KeyRecord): number {
  return numbersOf(key).n.length;
}

function modulusBits(key: KeyRecord): number {
  return bitLength(numbersOf(key).n);
}

function hashOf({ algorithm }: KeyRecord): HashName {
  return algorithm.hash?.name as HashName;
}

function shortName(hash: HashName): string {
  return hash.replace(/^SHA-?/, "");
}

function tooShort(): DOMException {
  return operationError("The key is too short for this signature");
}
