import { ownWeakMap } from "../../../core/primordials.ts";
import type { Bytes } from "./bytes.ts";

export type KeyType = "secret" | "public" | "private";

export const keyUsages = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "deriveKey",
  "deriveBits",
  "wrapKey",
  "unwrapKey",
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** The numbers of an RSA key, each in as few bytes as possible. A private key has all of them. */
export interface RsaNumbers {
  readonly n: Bytes;
  readonly e: Bytes;
  readonly d?: Bytes;
  readonly p?: Bytes;
  readonly q?: Bytes;
  readonly dp?: Bytes;
  readonly dq?: Bytes;
  readonly qi?: Bytes;
}

/** A key on a curve: its public part, and for a private key also the private one. */
export interface CurveNumbers {
  /** An uncompressed point, or its equivalent for the curves of RFC 7748 and RFC 8032. */
  readonly point: Bytes;
  readonly d?: Bytes;
}

/** The inputs of computations. */
export interface KeyMaterial {
  readonly secret?: Bytes;
  readonly rsa?: RsaNumbers;
  readonly curve?: CurveNumbers;
}

/** The form in which `CryptoKey.algorithm` shows it. */
export interface KeyAlgorithm {
  readonly name: string;
  readonly length?: number;
  readonly hash?: { readonly name: string };
  readonly namedCurve?: string;
  readonly modulusLength?: number;
  readonly publicExponent?: Bytes;
}

/** All properties of a key. A workflow sees copies, so changing them does not change the key. */
export interface KeyRecord {
  readonly type: KeyType;
  readonly extractable: boolean;
  readonly algorithm: KeyAlgorithm;
  readonly usages: readonly KeyUsage[];
  readonly material: KeyMaterial;
}

interface Shown {
  readonly record: KeyRecord;
  readonly algorithm: object;
  readonly usages: readonly string[];
}

const records = ownWeakMap<object, Shown>();
let isOurs = false;

/** The class of the Web Cryptography API. Only `exportKey` reveals its material. */
export class CryptoKey {
  constructor() {
    if (!isOurs) throw new TypeError("Illegal constructor");
  }

  get type(): KeyType {
    return shownOf(this).record.type;
  }

  get extractable(): boolean {
    return shownOf(this).record.extractable;
  }

  get algorithm(): object {
    return shownOf(this).algorithm;
  }

  get usages(): readonly string[] {
    return shownOf(this).usages;
  }
}

export function createKey(record: KeyRecord): CryptoKey {
  isOurs = true;
  const key = new CryptoKey();
  isOurs = false;
  const usages = keyUsages.filter((usage) => record.usages.includes(usage));
  records.set(key, {
    record: { ...record, usages },
    algorithm: copyOfAlgorithm(record.algorithm),
    usages: [...usages],
  });
  return key;
}

/** @throws {TypeError} if the value is not a `CryptoKey` of this runtime */
export function recordOf(key: unknown): KeyRecord {
  return shownOf(key).record;
}

export function isKey(value: unknown): value is CryptoKey {
  return typeof value === "object" && value !== null && records.has(value);
}

function shownOf(key: unknown): Shown {
  const shown = isKey(key) ? records.get(key) : undefined;
  if (shown === undefined) throw new TypeError("The key is not a CryptoKey");
  return shown;
}

function copyOfAlgorithm(algorithm: KeyAlgorithm): object {
  const { hash, publicExponent } = algorithm;
  return {
    ...algorithm,
    ...(hash === undefined ? {} : { hash: { ...hash } }),
    ...(publicExponent === undefined ? {} : { publicExponent: publicExponent.slice() }),
  };
}
