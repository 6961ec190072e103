import { aesCbc, aesCtr, aesGcm, aesKw } from "./secret/aes.ts";
import { assertUsable } from "./keys/algorithm.ts";
import type { Algorithm, CryptoKeyPair, KeyFormat, KeyOptions, KeySource } from "./keys/algorithm.ts";
import { bytesOf } from "./keys/bytes.ts";
import type { Bytes } from "./keys/bytes.ts";
import { keyUsages, recordOf } from "./keys/crypto-key.ts";
import type { CryptoKey, KeyRecord, KeyUsage } from "./keys/crypto-key.ts";
import { hkdf, pbkdf2 } from "./secret/derivation.ts";
import { digests } from "./secret/digests.ts";
import { dataError, invalidAccess, notSupported, operationError } from "./keys/errors.ts";
import { nameOf, readFields, toText, unsignedLong } from "./keys/fields.ts";
import { hmac } from "./secret/hmac.ts";
import { readJwk } from "./keys/jwk.ts";
import type { JsonWebKey } from "./keys/jwk.ts";
import { ecdh, ecdsa } from "./curves/nist-curves.ts";
import { ed25519, ed448, x25519, x448 } from "./curves/octet-curves.ts";
import { rsaOaep, rsaPkcs1, rsaPss } from "./rsa/rsa.ts";
import { decodeText, encodeText, parseJson, toJson } from "../../core/encoding.ts";

/**
 * The methods of `SubtleCrypto` as synchronous functions. `subtle.ts` wraps them in promises.
 *
 * As the specification requires, parameters are checked first, and then whether the key permits the operation.
 */

const algorithms: ReadonlyMap<string, Algorithm> = new Map(
  [
    ...digests,
    hmac,
    aesCbc,
    aesCtr,
    aesGcm,
    aesKw,
    rsaPkcs1,
    rsaPss,
    rsaOaep,
    ecdsa,
    ecdh,
    ed25519,
    ed448,
    x25519,
    x448,
    hkdf,
    pbkdf2,
  ].map((algorithm) => [algorithm.name.toUpperCase(), algorithm]),
);

type Operation = Exclude<keyof Algorithm, "name" | "exportKey">;

/** The implementation of an operation by an algorithm, bound to the parameters that were given with its name. */
function prepare<O extends Operation>(
  operation: O,
  identifier: unknown,
): { readonly name: string; readonly run: ReturnType<NonNullable<Algorithm[O]>> } {
  const given = nameOf(identifier);
  const algorithm = algorithms.get(given.toUpperCase());
  const method = algorithm?.[operation] as ((fields: object) => unknown) | undefined;
  if (algorithm === undefined || method === undefined)
    throw notSupported(`The algorithm ${given} is not supported by ${operation}`);
  const source = typeof identifier === "object" && identifier !== null ? identifier : {};
  const run = method(readFields(source, algorithm.name)) as ReturnType<NonNullable<Algorithm[O]>>;
  return { name: algorithm.name, run };
}

function supports(operation: Operation, identifier: unknown): boolean {
  return algorithms.get(nameOf(identifier).toUpperCase())?.[operation] !== undefined;
}

function assertUsage(key: KeyRecord, name: string, usage: KeyUsage): void {
  if (key.algorithm.name !== name)
    throw invalidAccess(`The key is one of ${key.algorithm.name} and not of ${name}`);
  if (!key.usages.includes(usage)) throw invalidAccess(`The key is not to be used for ${usage}`);
}

export function digest(algorithm: unknown, data: unknown): Bytes {
  const { run } = prepare("digest", algorithm);
  return run(bytesOf(data));
}

function transform(operation: "encrypt" | "decrypt" | "sign") {
  return (algorithm: unknown, key: unknown, data: unknown): Bytes => {
    const record = recordOf(key);
    const bytes = bytesOf(data);
    const { name, run } = prepare(operation, algorithm);
    assertUsage(record, name, operation);
    return run(record, bytes);
  };
}

export const encrypt = transform("encrypt");
export const decrypt = transform("decrypt");
export const sign = transform("sign");

export function verify(algorithm: unknown, key: unknown, signature: unknown, data: unknown): boolean {
  const record = recordOf(key);
  const [signed, bytes] = [bytesOf(signature, "The signature"), bytesOf(data)];
  const { name, run } = prepare("verify", algorithm);
  assertUsage(record, name, "verify");
  return run(record, signed, bytes);
}

export function generateKey(
  algorithm: unknown,
  extractable: unknown,
  usages: unknown,
): CryptoKey | CryptoKeyPair {
  const options = optionsOf(extractable, usages);
  const made = prepare("generateKey", algorithm).run(options);
  assertUsable(made);
  return made;
}

export function importKey(
  format: unknown,
  keyData: unknown,
  algorithm: unknown,
  extractable: unknown,
  usages: unknown,
): CryptoKey {
  const source = sourceOf(formatOf(format), keyData);
  const options = optionsOf(extractable, usages);
  const key = prepare("importKey", algorithm).run(source, options);
  assertUsable(key);
  return key;
}

export function exportKey(format: unknown, key: unknown): Bytes | JsonWebKey {
  const record = recordOf(key);
  const asked = formatOf(format);
  const { exportKey: write } = algorithmOf(record);
  if (write === undefined) throw notSupported(`Keys of ${record.algorithm.name} cannot be exported`);
  if (!record.extractable) throw invalidAccess("The key is not extractable");
  return write(asked, record);
}

export function deriveBits(algorithm: unknown, baseKey: unknown, length: unknown = null): Bytes {
  const key = recordOf(baseKey);
  const bits = length === null ? null : toLength(length);
  const { name, run } = prepare("deriveBits", algorithm);
  assertUsage(key, name, "deriveBits");
  return run(key, bits);
}

export function deriveKey(
  algorithm: unknown,
  baseKey: unknown,
  derivedKeyType: unknown,
  extractable: unknown,
  usages: unknown,
): CryptoKey {
  const key = recordOf(baseKey);
  const options = optionsOf(extractable, usages);
  const { name, run: derive } = prepare("deriveBits", algorithm);
  const { run: make } = prepare("importKey", derivedKeyType);
  const { run: length } = prepare("keyLength", derivedKeyType);
  assertUsage(key, name, "deriveKey");
  const derived = make({ format: "raw", bytes: derive(key, length) }, options);
  assertUsable(derived);
  return derived;
}

export function wrapKey(format: unknown, key: unknown, wrappingKey: unknown, algorithm: unknown): Bytes {
  const wrapping = recordOf(wrappingKey);
  const operation = supports("wrapKey", algorithm) ? "wrapKey" : "encrypt";
  const { name, run } = prepare(operation, algorithm);
  assertUsage(wrapping, name, "wrapKey");
  const asked = formatOf(format);
  const exported = exportKey(asked, key);
  return run(wrapping, asked === "jwk" ? jwkToWrap(exported as JsonWebKey, name) : (exported as Bytes));
}

export function unwrapKey(
  format: unknown,
  wrappedKey: unknown,
  unwrappingKey: unknown,
  unwrapAlgorithm: unknown,
  unwrappedKeyAlgorithm: unknown,
  extractable: unknown,
  usages: unknown,
): CryptoKey {
  const wrapping = recordOf(unwrappingKey);
  const asked = formatOf(format);
  const wrapped = bytesOf(wrappedKey, "The wrapped key");
  const options = optionsOf(extractable, usages);
  const operation = supports("unwrapKey", unwrapAlgorithm) ? "unwrapKey" : "decrypt";
  const { name, run } = prepare(operation, unwrapAlgorithm);
  const { run: make } = prepare("importKey", unwrappedKeyAlgorithm);
  assertUsage(wrapping, name, "unwrapKey");
  const bytes = run(wrapping, wrapped);
  const key = make(asked === "jwk" ? sourceOf(asked, parseJwk(bytes)) : { format: asked, bytes }, options);
  assertUsable(key);
  return key;
}

/** AES-KW wraps multiples of eight bytes, so JSON is padded with spaces. */
function jwkToWrap(jwk: JsonWebKey, wrapping: string): Bytes {
  const bytes = encodeText(toJson(jwk) ?? "");
  if (wrapping !== "AES-KW" || bytes.length % 8 === 0) return bytes;
  return encodeText((toJson(jwk) ?? "").replace(/\}$/, `${" ".repeat(8 - (bytes.length % 8))}}`));
}

function parseJwk(bytes: Bytes): unknown {
  try {
    return parseJson(decodeText(bytes));
  } catch {
    throw dataError("What was unwrapped is no JWK");
  }
}

function algorithmOf({ algorithm }: KeyRecord): Algorithm {
  return algorithms.get(algorithm.name.toUpperCase()) as Algorithm;
}

const formats: readonly string[] = ["raw", "pkcs8", "spki", "jwk"];

function formatOf(format: unknown): KeyFormat {
  const text = toText(format);
  if (formats.includes(text)) return text as KeyFormat;
  throw new TypeError(`The format of a key is one of ${formats.join(", ")}, and not ${text}`);
}

function sourceOf(format: KeyFormat, keyData: unknown): KeySource {
  if (format === "jwk") return { format, jwk: readJwk(keyData) };
  return { format, bytes: bytesOf(keyData, `A key in the format ${format}`).slice() };
}

function optionsOf(extractable: unknown, usages: unknown): KeyOptions {
  const asked = Array.from(usages as Iterable<unknown>, (usage) => toText(usage));
  const unknownUsage = asked.find((usage) => !(keyUsages as readonly string[]).includes(usage));
  if (unknownUsage !== undefined) throw new TypeError(`A key is not used for ${unknownUsage}`);
  return { extractable: Boolean(extractable), usages: asked as KeyUsage[] };
}

function toLength(length: unknown): number {
  const bits = Math.trunc(Number(length));
  if (bits >= 0 && bits <= unsignedLong) return bits;
  throw operationError("The length is out of its range");
}
