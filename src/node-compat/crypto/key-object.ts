/**
 * `KeyObject`, and parsers of keys: PEM, DER and JWK, for RSA, the NIST curves, Ed25519, Ed448, X25519 and X448.
 */
import { Buffer } from "node:buffer";
import { bytesOf } from "./bytes.ts";
import { subtle } from "./compute.ts";
import type { JsonWebKey } from "./compute.ts";
import { bitString, children, integer, octetString, oid, readAll, sequence } from "./der.ts";

type KeyType = "secret" | "private" | "public";

interface AlgorithmKind {
  readonly type: string;
  /** The name in WebCrypto. */
  readonly name: string;
  readonly curve?: string;
  /** The name in OpenSSL. */
  readonly namedCurve?: string;
}

const rsaOid = "2a864886f70d010101";
const ecOid = "2a8648ce3d0201";
/** Keyed by the contents of their object identifiers. */
const algorithms: Readonly<Record<string, AlgorithmKind>> = {
  [rsaOid]: { type: "rsa", name: "RSASSA-PKCS1-v1_5" },
  "2a864886f70d01010a": { type: "rsa-pss", name: "RSA-PSS" },
  "2a8648ce3d030107": { type: "ec", name: "ECDSA", curve: "P-256", namedCurve: "prime256v1" },
  "2b81040022": { type: "ec", name: "ECDSA", curve: "P-384", namedCurve: "secp384r1" },
  "2b81040023": { type: "ec", name: "ECDSA", curve: "P-521", namedCurve: "secp521r1" },
  "2b6570": { type: "ed25519", name: "Ed25519" },
  "2b6571": { type: "ed448", name: "Ed448" },
  "2b656e": { type: "x25519", name: "X25519" },
  "2b656f": { type: "x448", name: "X448" },
};

interface ExportOptions {
  readonly format?: "pem" | "der" | "jwk";
  readonly type?: string;
}

/** An immutable key. `material` is the secret itself, PKCS #8 or SubjectPublicKeyInfo. */
export class KeyObject {
  readonly type: KeyType;
  readonly material: Buffer;

  constructor(type: KeyType, material: Buffer) {
    this.type = type;
    this.material = material;
    // A printed key must not reveal its material.
    Object.defineProperty(this, "material", { enumerable: false });
  }
  get [Symbol.toStringTag](): string {
    return "KeyObject";
  }
  get symmetricKeySize(): number | undefined {
    return this.type === "secret" ? this.material.length : undefined;
  }
  get asymmetricKeyType(): string | undefined {
    return this.type === "secret" ? undefined : algorithmOf(this).type;
  }
  get asymmetricKeyDetails(): object | undefined {
    if (this.type === "secret") return undefined;
    const { type, namedCurve } = algorithmOf(this);
    if (type === "ec") return { namedCurve };
    if (!type.startsWith("rsa")) return {};
    const { n = "", e = "" } = jwkOf(this);
    const exponent = Buffer.from(e, "base64url").toString("hex");
    return { modulusLength: Buffer.from(n, "base64url").length * 8, publicExponent: BigInt(`0x${exponent}`) };
  }
  equals(other: KeyObject): boolean {
    return this.type === other.type && this.material.equals(other.material);
  }
  export({ format, type }: ExportOptions = {}): Buffer | string | object {
    if (this.type === "secret")
      return format === "jwk" ? { kty: "oct", k: this.material.toString("base64url") } : this.material;
    if (format === "jwk") {
      const { key_ops: _, ext: __, alg: ___, ...jwk } = jwkOf(this);
      return jwk;
    }
    const { label, der } = encodedAs(this, type);
    return format === "der" ? der : pemOf(label, der);
  }
  static from(key: CryptoKey): KeyObject {
    const isPrivate = key.type === "private";
    return new KeyObject(
      isPrivate ? "private" : "public",
      Buffer.from(subtle().exportKey(isPrivate ? "pkcs8" : "spki", key)),
    );
  }
}

/** A key that callers pass: a KeyObject, PEM, DER, or one of those in an object with options. */
export type KeyInput = unknown;

export function createSecretKey(key: unknown, encoding?: string): KeyObject {
  return new KeyObject("secret", Buffer.from(bytesOf(key, encoding)));
}

export function createPrivateKey(input: KeyInput): KeyObject {
  const key = readKey(input);
  if (key.type !== "private") throw unreadable("it is no private key");
  return key;
}

/** The public key of a private key, or a public key itself. */
export function createPublicKey(input: KeyInput): KeyObject {
  const key = readKey(input);
  return key.type === "private" ? publicKeyOf(key) : key;
}

function publicKeyOf(key: KeyObject): KeyObject {
  const { d: _, p: __, q: ___, dp: _dp, dq: _dq, qi: _qi, key_ops: _ops, ...jwk } = jwkOf(key);
  return keyOfJwk(jwk);
}

export function algorithmOf({ type, material }: KeyObject): AlgorithmKind {
  const [first, second] = children(material);
  const [id, parameters] = readAll((type === "private" ? second : first)?.content ?? Buffer.alloc(0));
  const hex = id?.content.toString("hex") ?? "";
  const found = algorithms[hex === ecOid ? (parameters?.content.toString("hex") ?? "") : hex];
  if (found === undefined) throw unreadable("its algorithm or curve is not supported in a workflow");
  return found;
}

/** @returns the key as a WebCrypto key, which does not leave the sandbox */
export function cryptoKeyOf(key: KeyObject, algorithm: object, usages: readonly string[]): CryptoKey {
  return subtle().importKey(key.type === "private" ? "pkcs8" : "spki", key.material, algorithm, true, usages);
}

function jwkOf(key: KeyObject): JsonWebKey {
  const { name, curve } = algorithmOf(key);
  const algorithm = { name, hash: "SHA-256", ...(curve === undefined ? {} : { namedCurve: curve }) };
  const isAgreement = name.startsWith("X");
  const usages =
    key.type === "private" ? [isAgreement ? "deriveBits" : "sign"] : isAgreement ? [] : ["verify"];
  return subtle().exportKey("jwk", cryptoKeyOf(key, algorithm, usages));
}

function keyOfJwk(jwk: JsonWebKey): KeyObject {
  const isPrivate = jwk.d !== undefined;
  const name = jwk.kty === "RSA" ? "RSASSA-PKCS1-v1_5" : jwk.kty === "EC" ? "ECDSA" : (jwk.crv ?? "");
  const algorithm = {
    name,
    ...(jwk.kty === "RSA" ? { hash: "SHA-256" } : {}),
    ...(jwk.kty === "EC" ? { namedCurve: jwk.crv } : {}),
  };
  const isAgreement = name.startsWith("X");
  const usages = isPrivate ? [isAgreement ? "deriveBits" : "sign"] : isAgreement ? [] : ["verify"];
  const { key_ops: _, use: __, alg: ___, ...plain } = jwk;
  return KeyObject.from(subtle().importKey("jwk", plain, algorithm, true, usages));
}

function readKey(input: KeyInput): KeyObject {
  if (input instanceof KeyObject) return input;
  if (typeof CryptoKey === "function" && input instanceof CryptoKey) return KeyObject.from(input);
  if (typeof input === "string" || ArrayBuffer.isView(input) || input instanceof ArrayBuffer)
    return readPem(bytesOf(input).toString("latin1"));
  const { key, format, type, encoding } = input as {
    readonly key: unknown;
    readonly format?: string;
    readonly type?: string;
    readonly encoding?: string;
  };
  if (format === "jwk") return keyOfJwk(key as JsonWebKey);
  if (format === "der")
    return readDer(
      bytesOf(key, encoding),
      { pkcs1: "RSA PRIVATE KEY", sec1: "EC PRIVATE KEY", spki: "PUBLIC KEY" }[type ?? ""] ?? "PRIVATE KEY",
    );
  return readKey(typeof key === "string" && encoding !== undefined ? bytesOf(key, encoding) : key);
}

function readPem(text: string): KeyObject {
  const [, label, body = ""] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  if (label === undefined) throw unreadable("it is neither PEM nor an object with a format");
  if (body.includes("ENCRYPTED") || label.startsWith("ENCRYPTED"))
    throw unreadable("it is encrypted with a passphrase: decrypt it before");
  return readDer(Buffer.from(body, "base64"), label);
}

const version = integer(Uint8Array.of(0));
const nullValue = Buffer.from([0x05, 0x00]);
const rsaAlgorithm = sequence(oid(rsaOid), nullValue);

function readDer(der: Buffer, label: string): KeyObject {
  switch (label) {
    case "PRIVATE KEY":
      return new KeyObject("private", Buffer.from(der));
    case "RSA PRIVATE KEY":
      return new KeyObject("private", sequence(version, rsaAlgorithm, octetString(der)));
    case "EC PRIVATE KEY": {
      const curve = children(der).find(({ tag }) => tag === 0xa0);
      return new KeyObject(
        "private",
        sequence(version, sequence(oid(ecOid), curve?.content ?? Buffer.alloc(0)), octetString(der)),
      );
    }
    case "PUBLIC KEY":
      return new KeyObject("public", Buffer.from(der));
    case "RSA PUBLIC KEY":
      return new KeyObject("public", sequence(rsaAlgorithm, bitString(der)));
    case "CERTIFICATE":
      return new KeyObject("public", Buffer.from(publicKeyOfCertificate(der)));
    default:
      throw unreadable(`it is of the kind "${label}"`);
  }
}

/** RFC 5280, section 4.1: the seventh field if the certificate starts with a version. */
function publicKeyOfCertificate(der: Buffer): Buffer {
  const [body] = children(der);
  const fields = readAll(body?.content ?? Buffer.alloc(0));
  return fields[fields[0]?.tag === 0xa0 ? 6 : 5]?.whole ?? Buffer.alloc(0);
}

function encodedAs(
  key: KeyObject,
  type: string | undefined,
): { readonly label: string; readonly der: Buffer } {
  const parts = children(key.material);
  const inner = parts.at(key.type === "private" ? 2 : 1)?.content ?? Buffer.alloc(0);
  if (type === "pkcs1")
    return key.type === "private"
      ? { label: "RSA PRIVATE KEY", der: inner }
      : { label: "RSA PUBLIC KEY", der: inner.subarray(1) };
  if (type === "sec1") return { label: "EC PRIVATE KEY", der: inner };
  return { label: key.type === "private" ? "PRIVATE KEY" : "PUBLIC KEY", der: key.material };
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function unreadable(why: string): Error {
  return Object.assign(new Error(`Cannot read the key: ${why}`), { code: "ERR_OSSL_UNSUPPORTED" });
}
