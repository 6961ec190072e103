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

/** The numbers of a key of RSA, as few bytes each as it takes. All of a private key are there. */
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

/** A key on a curve: its public part, and the private one where it is private. */
export interface CurveNumbers {
  /** A point, uncompressed, or what the curves of RFC 7748 and RFC 8032 have for one. */
  readonly point: Bytes;
  readonly d?: Bytes;
}

/** What is computed with. */
export interface KeyMaterial {
  readonly secret?: Bytes;
  readonly rsa?: RsaNumbers;
  readonly curve?: CurveNumbers;
}

/** As `CryptoKey.algorithm` shows it. */
export interface KeyAlgorithm {
  readonly name: string;
  readonly length?: number;
  readonly hash?: { readonly name: string };
  readonly namedCurve?: string;
  readonly modulusLength?: number;
  readonly publicExponent?: Bytes;
}

/** All that a key is. What a workflow sees of it are copies, so that it changes nothing by changing them. */
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

/** The class of the Web Cryptography API: what it holds cannot be seen but by `exportKey`. */
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

/** @throws {TypeError} where it is no key of ours */
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
