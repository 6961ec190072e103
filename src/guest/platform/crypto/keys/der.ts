import type { Bytes } from "./bytes.ts";
import { dataError } from "./errors.ts";
import { concat, trimmed } from "./numbers.ts";

/**
 * The part of DER (X.690) that keys need: SubjectPublicKeyInfo (RFC 5280), PrivateKeyInfo (RFC 5208), and the keys
 * of RSA (RFC 8017) and of curves (RFC 5915, RFC 8410).
 */

export const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** A context-specific tag, `[number]`. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

export function encode(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  const content = concat(...contents);
  return concat(Uint8Array.of(tag, ...lengthBytes(content.length)), content);
}

export function encodeInteger(number: Bytes): Bytes {
  const short = trimmed(number);
  return encode(tags.integer, (short[0] ?? 0) < 0x80 ? short : concat(Uint8Array.of(0), short));
}

export function encodeBits(content: Uint8Array): Bytes {
  return encode(tags.bits, Uint8Array.of(0), content);
}

/** @param hex the content of an object identifier */
export function encodeOid(hex: string): Bytes {
  return encode(tags.oid, Uint8Array.fromHex(hex));
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Reads the content of a constructed value from its start to its end. */
export interface DerReader {
  readonly isAtEnd: boolean;
  /** True if the next element has that tag. */
  readonly is: (tag: number) => boolean;
  /** The content of the next element. @throws {DOMException} `DataError`, like all methods of the reader */
  readonly take: (tag: number) => Bytes;
  readonly integer: () => Bytes;
  readonly bits: () => Bytes;
  /** The content of an object identifier, in hexadecimal. */
  readonly oid: () => string;
  readonly inside: (tag: number) => DerReader;
  readonly skip: () => void;
  readonly end: () => void;
}

export function readDer(bytes: Bytes): DerReader {
  let offset = 0;

  function takeAny(): Bytes {
    const first = bytes[offset + 1];
    if (first === undefined) throw malformed();
    const lengthOfLength = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthOfLength > 4) throw malformed();
    let length = lengthOfLength === 0 ? first : 0;
    const start = offset + 2 + lengthOfLength;
    for (let at = offset + 2; at < start; at += 1) length = length * 256 + (bytes[at] ?? 0);
    if (lengthOfLength > 0 && length < 0x80) throw malformed();
    if (start + length > bytes.length) throw malformed();
    offset = start + length;
    return bytes.subarray(start, offset);
  }

  const reader: DerReader = {
    get isAtEnd() {
      return offset === bytes.length;
    },
    is: (tag) => bytes[offset] === tag,
    take(tag) {
      if (bytes[offset] !== tag) throw malformed();
      return takeAny();
    },
    integer() {
      const content = reader.take(tags.integer);
      if (content.length === 0 || (content[0] as number) >= 0x80) throw malformed();
      return trimmed(content);
    },
    bits() {
      const content = reader.take(tags.bits);
      if (content[0] !== 0) throw malformed();
      return content.subarray(1);
    },
    oid: () => reader.take(tags.oid).toHex(),
    inside: (tag) => readDer(reader.take(tag)),
    skip: () => void takeAny(),
    end() {
      if (offset !== bytes.length) throw malformed();
    },
  };
  return reader;
}

/** The algorithm of a key, and the key in the algorithm's own encoding. */
export interface KeyInfo {
  readonly oid: string;
  /** The object identifier of the curve, if the key is on one. */
  readonly parameters: string | undefined;
  readonly key: Bytes;
}

/** SubjectPublicKeyInfo. */
export function readSpki(bytes: Bytes): KeyInfo {
  const outer = readDer(bytes);
  const info = outer.inside(tags.sequence);
  outer.end();
  const algorithm = readAlgorithm(info);
  const key = info.bits();
  info.end();
  return { ...algorithm, key };
}

/** PrivateKeyInfo. Its attributes are ignored. */
export function readPkcs8(bytes: Bytes): KeyInfo {
  const outer = readDer(bytes);
  const info = outer.inside(tags.sequence);
  outer.end();
  const [version = 0] = info.integer();
  if (version > 1) throw malformed();
  const algorithm = readAlgorithm(info);
  return { ...algorithm, key: info.take(tags.octets) };
}

export function encodeSpki(algorithm: readonly Uint8Array[], key: Uint8Array): Bytes {
  return encode(tags.sequence, encode(tags.sequence, ...algorithm), encodeBits(key));
}

export function encodePkcs8(algorithm: readonly Uint8Array[], key: Uint8Array): Bytes {
  const version = encodeInteger(Uint8Array.of(0));
  return encode(tags.sequence, version, encode(tags.sequence, ...algorithm), encode(tags.octets, key));
}

function readAlgorithm(info: DerReader): Pick<KeyInfo, "oid" | "parameters"> {
  const algorithm = info.inside(tags.sequence);
  const oid = algorithm.oid();
  return { oid, parameters: algorithm.is(tags.oid) ? algorithm.oid() : undefined };
}

function malformed(): DOMException {
  return dataError("The key is not encoded as DER has it");
}
