import { digestOf } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { compute } from "../keys/compute.ts";
import type { KeyRecord, KeyUsage } from "../keys/crypto-key.ts";
import {
  curveOf,
  exportCurveKey,
  generatePair,
  importCurveKey,
  leadingBits,
  partners,
} from "./curve-keys.ts";
import type { CurveAlgorithm, CurveKind } from "./curve-keys.ts";
import {
  contextTag,
  encode,
  encodeBits,
  encodeInteger,
  encodeOid,
  encodePkcs8,
  encodeSpki,
  readDer,
  readPkcs8,
  readSpki,
  tags,
} from "../keys/der.ts";
import { dataError, invalidAccess, notSupported, operationError, orThrow } from "../keys/errors.ts";
import type { Fields } from "../keys/fields.ts";
import { bytesOfNumber, concat, numberOf } from "../keys/numbers.ts";
import { randomKeyBytes } from "../../../core/random.ts";

interface Curve {
  readonly name: string;
  /** The content of the curve's object identifier. */
  readonly oid: string;
  readonly bytes: number;
  readonly order: bigint;
  /** The value of `alg` in a JWK for ECDSA. */
  readonly alg: string;
}

const ecPublicKey = "2a8648ce3d0201";

const curves: readonly Curve[] = [
  {
    name: "P-256",
    oid: "2a8648ce3d030107",
    bytes: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    alg: "ES256",
  },
  {
    name: "P-384",
    oid: "2b81040022",
    bytes: 48,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    alg: "ES384",
  },
  {
    name: "P-521",
    oid: "2b81040023",
    bytes: 66,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    alg: "ES512",
  },
];

/**
 * FIPS 186-5. The nonces are derived from the key and the data by RFC 6979, so a replay makes the same signature.
 */
export const ecdsa: Algorithm = {
  ...keysOnCurves("ECDSA", "sig", ["verify"], ["sign"]),
  sign(fields) {
    const hash = fields.hash("hash");
    return (key, data) => {
      const { d } = curveOf(key);
      if (d === undefined) throw invalidAccess("It takes a private key to sign");
      return compute("ecdsa-sign", curveIn(key), d, digestOf(hash, data));
    };
  },
  verify(fields) {
    const hash = fields.hash("hash");
    return (key, signature, data) => {
      if (key.type !== "public") throw invalidAccess("It takes a public key to verify");
      const { point } = curveOf(key);
      try {
        return compute("ecdsa-verify", curveIn(key), point, digestOf(hash, data), signature)[0] === 1;
      } catch {
        return false;
      }
    };
  },
};

/** SEC 1, section 3.3.1. */
export const ecdh: Algorithm = {
  ...keysOnCurves("ECDH", "enc", [], ["deriveKey", "deriveBits"]),
  deriveBits(fields) {
    const other = fields.key("public");
    return (key, length) => {
      const { d, point } = partners(key, other);
      const secret = orThrow(
        () => compute("ecdh", curveIn(key), d, point),
        () => operationError("The keys have no shared secret"),
      );
      return leadingBits(secret, length, () =>
        operationError(`The shared secret has less than ${length} bits`),
      );
    };
  },
};

function curveIn({ algorithm }: KeyRecord): { readonly curve: string } {
  return { curve: algorithm.namedCurve as string };
}

function keysOnCurves(
  name: "ECDSA" | "ECDH",
  use: "sig" | "enc",
  publicUsages: readonly KeyUsage[],
  privateUsages: readonly KeyUsage[],
): CurveAlgorithm {
  const kinds = new Map(curves.map((curve) => [curve.name, kindOf(curve)]));
  const kindIn = (fields: Fields): CurveKind => {
    const namedCurve = fields.text("namedCurve");
    const kind = kinds.get(namedCurve);
    if (kind === undefined) throw notSupported(`The curve ${namedCurve} is not supported`);
    return kind;
  };
  return {
    name,
    generateKey(fields) {
      const kind = kindIn(fields);
      return (options) => generatePair(kind, options);
    },
    importKey(fields) {
      const kind = kindIn(fields);
      return (source, options) => importCurveKey(kind, source, options);
    },
    exportKey: (format, key) =>
      exportCurveKey(kinds.get(key.algorithm.namedCurve as string) as CurveKind, format, key),
  };

  function kindOf(curve: Curve): CurveKind {
    return {
      algorithm: { name, namedCurve: curve.name },
      use,
      publicUsages,
      privateUsages,
      ...(name === "ECDSA" ? { algs: [curve.alg] } : {}),
      ...encodingsOf(curve),
    };
  }
}

type Encodings = Omit<CurveKind, "algorithm" | "use" | "algs" | "publicUsages" | "privateUsages">;

function encodingsOf({ name: curve, oid, bytes, order }: Curve): Encodings {
  const algorithm = [encodeOid(ecPublicKey), encodeOid(oid)];
  const publicOf = (d: Bytes) => compute("ec-public", { curve }, d);
  const checkPoint = (point: Bytes) => compute("ec-point", { curve }, point);
  const assertCurve = (info: { readonly oid: string; readonly parameters: string | undefined }): void => {
    if (info.oid !== ecPublicKey || info.parameters !== oid)
      throw dataError(`The key is not on the curve ${curve}`);
  };
  return {
    kty: "EC",
    crv: curve,
    privateBytes: bytes,
    coordinates: ["x", "y"],
    pointOf: (x, y) => concat(Uint8Array.of(4), ofLength(bytes, x), ofLength(bytes, y)),
    coordinatesOf: (point) => [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)],
    // The random number has 64 bits more than the order, so that no remainder is noticeably more likely than
    // another (FIPS 186-5, A.2.1).
    randomKey: () => bytesOfNumber((numberOf(randomKeyBytes(bytes + 8)) % (order - 1n)) + 1n, bytes),
    publicOf,
    checkPoint,
    readSpki(encoded) {
      const info = readSpki(encoded);
      assertCurve(info);
      return info.key;
    },
    readPkcs8(encoded) {
      const info = readPkcs8(encoded);
      assertCurve(info);
      return readEcPrivateKey(info.key, oid, (point) =>
        orThrow(
          () => checkPoint(point),
          () => dataError(`The public key is not on the curve ${curve}`),
        ),
      );
    },
    writeSpki: (point) => encodeSpki(algorithm, point),
    writePkcs8: (d, point) =>
      encodePkcs8(
        algorithm,
        encode(
          tags.sequence,
          encodeInteger(Uint8Array.of(1)),
          encode(tags.octets, d),
          encode(contextTag(1), encodeBits(point)),
        ),
      ),
  };
}

function ofLength(bytes: number, coordinate: Bytes | undefined): Bytes {
  if (coordinate?.length === bytes) return coordinate;
  throw dataError(`A coordinate of the JWK has not ${bytes} bytes`);
}

/** ECPrivateKey, RFC 5915. */
function readEcPrivateKey(
  encoded: Bytes,
  oid: string,
  check: (point: Bytes) => Bytes,
): { readonly d: Bytes; readonly point: Bytes | undefined } {
  const key = readDer(encoded).inside(tags.sequence);
  if (key.integer()[0] !== 1) throw dataError("The private key is of another version");
  const d = key.take(tags.octets);
  if (key.is(contextTag(0)) && key.inside(contextTag(0)).oid() !== oid)
    throw dataError("The private key names another curve");
  const point = key.is(contextTag(1)) ? check(key.inside(contextTag(1)).bits()) : undefined;
  return { d, point };
}
