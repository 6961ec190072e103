import { bytesOf } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { isKey, recordOf } from "./crypto-key.ts";
import type { KeyRecord } from "./crypto-key.ts";
import { notSupported } from "./errors.ts";

/**
 * The parameters of an algorithm, converted like a Web IDL dictionary: missing and invalid members are TypeErrors.
 */
export interface Fields {
  readonly has: (name: string) => boolean;
  readonly bytes: (name: string) => Bytes;
  readonly optionalBytes: (name: string) => Bytes | undefined;
  /** A whole number from 0 to `max`. */
  readonly count: (name: string, max: number) => number;
  readonly optionalCount: (name: string, max: number) => number | undefined;
  readonly text: (name: string) => string;
  /** The name of a supported hash function. @throws {DOMException} `NotSupportedError` */
  readonly hash: (name: string) => HashName;
  readonly key: (name: string) => KeyRecord;
}

/** Web IDL's conversion to a string. */
export const toText = String as (value: unknown) => string;

export const octet = 0xff;
export const unsignedShort = 0xffff;
export const unsignedLong = 0xffff_ffff;

/** Hash functions by name, with the length of their digests in bytes. */
export const digestBytes = {
  "SHA-1": 20,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
  "SHA3-256": 32,
  "SHA3-384": 48,
  "SHA3-512": 64,
} as const;
export type HashName = keyof typeof digestBytes;

/** Block size of each hash function in bytes. It is the default length of HMAC keys. */
export const blockBytes: Readonly<Record<HashName, number>> = {
  "SHA-1": 64,
  "SHA-256": 64,
  "SHA-384": 128,
  "SHA-512": 128,
  "SHA3-256": 136,
  "SHA3-384": 104,
  "SHA3-512": 72,
};

const hashNames = Object.keys(digestBytes) as readonly HashName[];

/** @param owner the name of the algorithm in messages */
export function readFields(source: object, owner: string): Fields {
  const read = (name: string): unknown => (source as Readonly<Record<string, unknown>>)[name];
  const required = (name: string): unknown => {
    const value = read(name);
    if (value === undefined) throw new TypeError(`The algorithm ${owner} needs ${name}`);
    return value;
  };
  const label = (name: string) => `${name} of ${owner}`;
  return {
    has: (name) => read(name) !== undefined,
    bytes: (name) => bytesOf(required(name), label(name)).slice(),
    optionalBytes(name) {
      const value = read(name);
      return value === undefined ? undefined : bytesOf(value, label(name)).slice();
    },
    count: (name, max) => toCount(required(name), max, label(name)),
    optionalCount(name, max) {
      const value = read(name);
      return value === undefined ? undefined : toCount(value, max, label(name));
    },
    text: (name) => toText(required(name)),
    hash: (name) => hashNameOf(required(name)),
    key(name) {
      const value = required(name);
      if (!isKey(value)) throw new TypeError(`${label(name)} must be a CryptoKey`);
      return recordOf(value);
    },
  };
}

/** `AlgorithmIdentifier`: a name, or an object with one. */
export function nameOf(identifier: unknown): string {
  if ((typeof identifier !== "object" && typeof identifier !== "function") || identifier === null)
    return toText(identifier);
  const { name } = identifier as { readonly name?: unknown };
  if (name === undefined) throw new TypeError("The algorithm needs a name");
  return toText(name);
}

function hashNameOf(identifier: unknown): HashName {
  const given = nameOf(identifier);
  const name = hashNames.find((each) => each === given.toUpperCase());
  if (name === undefined) throw notSupported(`The hash ${given} is not supported`);
  return name;
}

function toCount(value: unknown, max: number, label: string): number {
  const count = Math.trunc(Number(value));
  if (count >= 0 && count <= max) return count;
  throw new TypeError(`${label} must be a number from 0 to ${max}`);
}
