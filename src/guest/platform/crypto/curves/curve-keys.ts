import { createPair, formatNotSupported, assertUsages } from "../keys/algorithm.ts";
import type { Algorithm, KeyFormat, KeyOptions, KeySource } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { createKey } from "../keys/crypto-key.ts";
import type {
  CryptoKey,
  CurveNumbers,
  KeyAlgorithm,
  KeyRecord,
  KeyType,
  KeyUsage,
} from "../keys/crypto-key.ts";
import { dataError, invalidAccess } from "../keys/errors.ts";
import { base64Url, jwkBytes, jwkOf, assertJwk } from "../keys/jwk.ts";
import type { JsonWebKey } from "../keys/jwk.ts";
import { isEqual } from "../keys/numbers.ts";

/** The properties of a curve that the handling of its keys depends on. */
export interface CurveKind {
  /** Used in messages and as `CryptoKey.algorithm`. */
  readonly algorithm: KeyAlgorithm;
  readonly kty: "EC" | "OKP";
  /** The value of `crv` in a JWK. */
  readonly crv: string;
  readonly use: "sig" | "enc";
  /** The allowed values of `alg` in a JWK. Any value is allowed if the list is missing. */
  readonly algs?: readonly string[];
  /** True if an exported JWK includes `alg`. */
  readonly showsAlg?: boolean;
  readonly publicUsages: readonly KeyUsage[];
  readonly privateUsages: readonly KeyUsage[];
  readonly privateBytes: number;
  /** The members of a JWK that hold the coordinates of the point. */
  readonly coordinates: readonly ("x" | "y")[];
  readonly pointOf: (...coordinates: readonly Bytes[]) => Bytes;
  readonly coordinatesOf: (point: Bytes) => readonly Bytes[];
  /** A random private key. */
  readonly randomKey: () => Bytes;
  /** @throws if the private number is out of range */
  readonly publicOf: (d: Bytes) => Bytes;
  /** The point in the form in which it is stored. @throws if it is not on the curve */
  readonly checkPoint: (point: Bytes) => Bytes;
  readonly readSpki: (bytes: Bytes) => Bytes;
  readonly readPkcs8: (bytes: Bytes) => { readonly d: Bytes; readonly point?: Bytes | undefined };
  readonly writeSpki: (point: Bytes) => Bytes;
  readonly writePkcs8: (d: Bytes, point: Bytes) => Bytes;
}

export function generatePair(kind: CurveKind, options: KeyOptions) {
  assertUsages(options.usages, [...kind.publicUsages, ...kind.privateUsages], `A key of ${nameOf(kind)}`);
  const d = kind.randomKey();
  const material = { curve: { d, point: kind.publicOf(d) } };
  return createPair({ algorithm: kind.algorithm, material }, options, kind.publicUsages);
}

export function importCurveKey(kind: CurveKind, source: KeySource, options: KeyOptions): CryptoKey {
  const type = typeOf(source);
  const allowed = type === "private" ? kind.privateUsages : kind.publicUsages;
  assertUsages(options.usages, allowed, `A ${type} key of ${nameOf(kind)}`);
  const curve = readCurveKey(kind, source, options);
  return createKey({ type, algorithm: kind.algorithm, material: { curve }, ...options });
}

function typeOf(source: KeySource): KeyType {
  const isPrivate = source.format === "jwk" ? source.jwk["d"] !== undefined : source.format === "pkcs8";
  return isPrivate ? "private" : "public";
}

function readCurveKey(kind: CurveKind, source: KeySource, options: KeyOptions): CurveNumbers {
  if (source.format === "jwk") return readJwkKey(kind, source.jwk, options);
  if (source.format === "pkcs8") return checkedPair(kind, kind.readPkcs8(source.bytes));
  const point = source.format === "raw" ? source.bytes : kind.readSpki(source.bytes);
  return { point: checkedPoint(kind, point) };
}

function readJwkKey(kind: CurveKind, jwk: JsonWebKey, options: KeyOptions): CurveNumbers {
  const { kty, use } = kind;
  assertJwk(jwk, { kty, use, ...options });
  if (jwk.crv !== kind.crv) throw dataError(`The JWK is not on the curve ${kind.crv}`);
  if (jwk.alg !== undefined && kind.algs !== undefined && !kind.algs.includes(jwk.alg))
    throw dataError(`The JWK is for the algorithm ${jwk.alg} and not for ${kind.algs.join(" or ")}`);
  const point = kind.pointOf(...kind.coordinates.map((name) => jwkBytes(jwk, name)));
  if (jwk["d"] === undefined) return { point: checkedPoint(kind, point) };
  return checkedPair(kind, { d: jwkBytes(jwk, "d"), point });
}

function checkedPoint(kind: CurveKind, point: Bytes): Bytes {
  try {
    return kind.checkPoint(point);
  } catch {
    throw dataError(`The public key is not on the curve ${kind.crv}`);
  }
}

/** The public key is computed from the private one. If the source includes one as well, the two are compared. */
function checkedPair(
  kind: CurveKind,
  { d, point }: { readonly d: Bytes; readonly point?: Bytes | undefined },
): CurveNumbers {
  if (d.length !== kind.privateBytes)
    throw dataError(`A private key of ${kind.crv} has ${kind.privateBytes} bytes`);
  let own: Bytes;
  try {
    own = kind.publicOf(d);
  } catch {
    throw dataError(`The private key is none of ${kind.crv}`);
  }
  if (point !== undefined && !isEqual(point, own))
    throw dataError("The private key and the public key are not a pair");
  return { d, point: own };
}

export function exportCurveKey(kind: CurveKind, format: KeyFormat, key: KeyRecord): Bytes | JsonWebKey {
  const { point, d } = curveOf(key);
  switch (format) {
    case "jwk":
      return exportJwk(kind, key);
    case "raw":
      if (key.type !== "public") throw invalidAccess("A private key has no format raw");
      return point.slice();
    case "spki":
      if (key.type !== "public") throw invalidAccess("A private key has no format spki");
      return kind.writeSpki(point);
    case "pkcs8":
      if (d === undefined) throw invalidAccess("A public key has no format pkcs8");
      return kind.writePkcs8(d, point);
    default:
      throw formatNotSupported(format, nameOf(kind));
  }
}

function exportJwk(kind: CurveKind, key: KeyRecord): JsonWebKey {
  const { point, d } = curveOf(key);
  const values = kind.coordinatesOf(point).map((value, index) => [kind.coordinates[index], base64Url(value)]);
  const members = {
    kty: kind.kty,
    crv: kind.crv,
    ...Object.fromEntries(values),
    ...(kind.showsAlg === true && kind.algs !== undefined ? { alg: kind.algs[0] } : {}),
    ...(d === undefined ? {} : { d: base64Url(d) }),
  };
  return jwkOf(members as JsonWebKey, key);
}

/** The private number of one key and the point of the other side's public key. */
export function partners(key: KeyRecord, other: KeyRecord): { readonly d: Bytes; readonly point: Bytes } {
  const { d } = curveOf(key);
  if (d === undefined) throw invalidAccess("It takes a private key to derive from");
  if (other.type !== "public") throw invalidAccess("The other key must be a public one");
  const { name, namedCurve } = key.algorithm;
  if (other.algorithm.name !== name || other.algorithm.namedCurve !== namedCurve)
    throw invalidAccess("Both keys must be of one algorithm, on one curve");
  return { d, point: curveOf(other).point };
}

/** The first bits of a shared secret. */
export function leadingBits(secret: Bytes, length: number | null, tooLong: () => DOMException): Bytes {
  if (length === null) return secret;
  if (length > 8 * secret.length) throw tooLong();
  const bits = secret.slice(0, Math.ceil(length / 8));
  const unused = 8 * bits.length - length;
  if (unused > 0) bits[bits.length - 1] = (bits[bits.length - 1] as number) & (0xff << unused);
  return bits;
}

export function curveOf({ material }: KeyRecord): CurveNumbers {
  return material.curve as CurveNumbers;
}

function nameOf({ algorithm }: CurveKind): string {
  return algorithm.name;
}

export type CurveAlgorithm = Required<Pick<Algorithm, "name" | "generateKey" | "importKey" | "exportKey">>;
