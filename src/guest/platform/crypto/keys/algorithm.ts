import type { Bytes } from "./bytes.ts";
import { compute } from "./compute.ts";
import { createKey, recordOf } from "./crypto-key.ts";
import type { CryptoKey, KeyRecord, KeyUsage } from "./crypto-key.ts";
import { notSupported, syntaxError } from "./errors.ts";
import type { Fields, HashName } from "./fields.ts";
import type { JsonWebKey } from "./jwk.ts";

export type KeyFormat = "raw" | "pkcs8" | "spki" | "jwk";

/** The source of an imported key: a JWK or bytes, depending on the format. */
export type KeySource =
  | { readonly format: "jwk"; readonly jwk: JsonWebKey }
  | { readonly format: Exclude<KeyFormat, "jwk">; readonly bytes: Bytes };

/** The permitted uses of a new key. */
export interface KeyOptions {
  readonly extractable: boolean;
  readonly usages: readonly KeyUsage[];
}

export interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

type WithData = (key: KeyRecord, data: Bytes) => Bytes;

/**
 * An algorithm as the operations that it supports. Operations that are missing are not supported. Each takes its
 * parameters first, so that invalid parameters are reported before any other error.
 */
export interface Algorithm {
  readonly name: string;
  readonly digest?: () => (data: Bytes) => Bytes;
  readonly generateKey?: (fields: Fields) => (options: KeyOptions) => CryptoKey | CryptoKeyPair;
  readonly importKey?: (fields: Fields) => (source: KeySource, options: KeyOptions) => CryptoKey;
  readonly exportKey?: (format: KeyFormat, key: KeyRecord) => Bytes | JsonWebKey;
  readonly sign?: (fields: Fields) => WithData;
  readonly verify?: (fields: Fields) => (key: KeyRecord, signature: Bytes, data: Bytes) => boolean;
  readonly encrypt?: (fields: Fields) => WithData;
  readonly decrypt?: (fields: Fields) => WithData;
  readonly wrapKey?: (fields: Fields) => WithData;
  readonly unwrapKey?: (fields: Fields) => WithData;
  /** @param length in bits, or `null` for all available bits */
  readonly deriveBits?: (fields: Fields) => (key: KeyRecord, length: number | null) => Bytes;
  /** The length in bits of a key that is derived for this algorithm, or `null` if it accepts any length. */
  readonly keyLength?: (fields: Fields) => number | null;
}

export function digestOf(hash: HashName, data: Bytes): Bytes {
  return compute("digest", { hash }, data);
}

/** @throws {DOMException} `SyntaxError` if other usages than the allowed ones are requested */
export function assertUsages(usages: readonly KeyUsage[], allowed: readonly KeyUsage[], what: string): void {
  const other = usages.find((usage) => !allowed.includes(usage));
  if (other !== undefined) throw syntaxError(`${what} cannot be used for ${other}`);
}

/** A key pair in which each half has the usages that apply to it. */
export function createPair(
  record: Omit<KeyRecord, "type" | "extractable" | "usages">,
  { extractable, usages }: KeyOptions,
  publicUsages: readonly KeyUsage[],
): CryptoKeyPair {
  const { algorithm, material } = record;
  const { curve, rsa } = material;
  const publicMaterial = {
    ...(curve === undefined ? {} : { curve: { point: curve.point } }),
    ...(rsa === undefined ? {} : { rsa: { n: rsa.n, e: rsa.e } }),
  };
  return {
    publicKey: createKey({
      type: "public",
      extractable: true,
      algorithm,
      usages: usages.filter((usage) => publicUsages.includes(usage)),
      material: publicMaterial,
    }),
    privateKey: createKey({
      type: "private",
      extractable,
      algorithm,
      usages: usages.filter((usage) => !publicUsages.includes(usage)),
      material,
    }),
  };
}

/** @throws {DOMException} `SyntaxError` if a new secret or private key would have no usages */
export function assertUsable(made: CryptoKey | CryptoKeyPair): void {
  const key = recordOf("privateKey" in made ? made.privateKey : made);
  if (key.type !== "public" && key.usages.length === 0)
    throw syntaxError(`A ${key.type} key must have usages`);
}

export function formatNotSupported(format: string, name: string): DOMException {
  return notSupported(`Keys of ${name} have no format ${format} here`);
}
