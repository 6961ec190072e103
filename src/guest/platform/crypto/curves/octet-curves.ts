import type { Algorithm } from "../keys/algorithm.ts";
import { compute } from "../keys/compute.ts";
import type { KeyUsage } from "../keys/crypto-key.ts";
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
  encode,
  encodeOid,
  encodePkcs8,
  encodeSpki,
  readDer,
  readPkcs8,
  readSpki,
  tags,
} from "../keys/der.ts";
import { dataError, invalidAccess, operationError, orThrow } from "../keys/errors.ts";
import { randomKeyBytes } from "../../../core/random.ts";

/** The curves whose keys are plain bytes (RFC 7748, RFC 8032), with their encodings (RFC 8410, RFC 8037). */

export const ed25519: Algorithm = signing("Ed25519", { oid: "2b6570", bytes: 32 });
export const ed448: Algorithm = signing("Ed448", { oid: "2b6571", bytes: 57 });
export const x25519: Algorithm = sharing("X25519", { oid: "2b656e", bytes: 32 });
export const x448: Algorithm = sharing("X448", { oid: "2b656f", bytes: 56 });

interface OctetCurve {
  /** The content of the curve's object identifier. */
  readonly oid: string;
  /** Length of private and public keys. */
  readonly bytes: number;
}

function signing(name: string, curve: OctetCurve): Algorithm {
  const algs = name === "Ed25519" ? ["Ed25519", "EdDSA"] : ["Ed448", "EdDSA"];
  return {
    ...keysOf({
      ...encodingsOf(name, curve),
      use: "sig",
      algs,
      showsAlg: true,
      publicUsages: ["verify"],
      privateUsages: ["sign"],
    }),
    sign: () => (key, data) => {
      const { d } = curveOf(key);
      if (d === undefined) throw invalidAccess("It takes a private key to sign");
      return compute("ed-sign", { curve: name }, d, data);
    },
    verify: () => (key, signature, data) => {
      if (key.type !== "public") throw invalidAccess("It takes a public key to verify");
      try {
        return compute("ed-verify", { curve: name }, curveOf(key).point, data, signature)[0] === 1;
      } catch {
        return false;
      }
    },
  };
}

function sharing(name: string, curve: OctetCurve): Algorithm {
  const privateUsages: readonly KeyUsage[] = ["deriveKey", "deriveBits"];
  return {
    ...keysOf({ ...encodingsOf(name, curve), use: "enc", publicUsages: [], privateUsages }),
    deriveBits(fields) {
      const other = fields.key("public");
      return (key, length) => {
        const { d, point } = partners(key, other);
        const secret = orThrow(
          () => compute("x-shared", { curve: name }, d, point),
          () => operationError("The keys have no shared secret"),
        );
        return leadingBits(secret, length, () =>
          operationError(`The shared secret has less than ${length} bits`),
        );
      };
    },
  };
}

function keysOf(kind: CurveKind): CurveAlgorithm {
  return {
    name: kind.algorithm.name,
    generateKey: () => (options) => generatePair(kind, options),
    importKey: () => (source, options) => importCurveKey(kind, source, options),
    exportKey: (format, key) => exportCurveKey(kind, format, key),
  };
}

type Encodings = Omit<CurveKind, "use" | "algs" | "publicUsages" | "privateUsages">;

function encodingsOf(curve: string, { oid, bytes }: OctetCurve): Encodings {
  const algorithm = [encodeOid(oid)];
  const assertCurve = (info: { readonly oid: string }): void => {
    if (info.oid !== oid) throw dataError(`The key is not one of ${curve}`);
  };
  return {
    algorithm: { name: curve },
    kty: "OKP",
    crv: curve,
    privateBytes: bytes,
    coordinates: ["x"],
    pointOf: (x) => x,
    coordinatesOf: (point) => [point],
    randomKey: () => randomKeyBytes(bytes),
    publicOf: (d) => compute("ed-public", { curve }, d),
    checkPoint(point) {
      if (point.length !== bytes) throw dataError(`A public key of ${curve} has ${bytes} bytes`);
      return point;
    },
    readSpki(encoded) {
      const info = readSpki(encoded);
      assertCurve(info);
      return info.key;
    },
    readPkcs8(encoded) {
      const info = readPkcs8(encoded);
      assertCurve(info);
      return { d: readDer(info.key).take(tags.octets) };
    },
    writeSpki: (point) => encodeSpki(algorithm, point),
    writePkcs8: (d) => encodePkcs8(algorithm, encode(tags.octets, d)),
  };
}
