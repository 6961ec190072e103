/** The part of DER (X.690) that keys, signatures and certificates use. */
import { Buffer } from "node:buffer";

export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  /** Including tag and length. */
  readonly whole: Buffer;
}

const sequenceTag = 0x30;
const integerTag = 0x02;
const bitStringTag = 0x03;
const octetStringTag = 0x04;
const oidTag = 0x06;

/** Parses consecutive values. */
export function readAll(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; at += values.at(-1)?.whole.length ?? 0)
    values.push(readOne(bytes.subarray(at)));
  return values;
}

function readOne(bytes: Buffer): DerValue {
  const [tag = 0, first = 0] = bytes;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  if (bytes.length < start + length || lengthBytes > 4) throw new Error("The key is not valid DER");
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** Parses the values within a sequence. */
export function children(value: Buffer): readonly DerValue[] {
  const [outer] = readAll(value);
  if (outer?.tag !== sequenceTag) throw new Error("The key is not valid DER");
  return readAll(outer.content);
}

function write(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const lengthBytes = length < 0x1_00 ? 1 : length < 0x1_00_00 ? 2 : 3;
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = tag;
  head[1] = 0x80 | lengthBytes;
  head.writeUIntBE(length, 2, lengthBytes);
  return Buffer.concat([head, content]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return write(sequenceTag, ...parts);
}

export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const minimal = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  const isNegative = ((minimal[0] ?? 0) & 0x80) !== 0;
  return write(integerTag, isNegative ? Uint8Array.of(0) : new Uint8Array(), minimal);
}

export function bitString(bytes: Uint8Array): Buffer {
  return write(bitStringTag, Uint8Array.of(0), bytes);
}

export function octetString(bytes: Uint8Array): Buffer {
  return write(octetStringTag, bytes);
}

/** @param hex the content of the identifier */
export function oid(hex: string): Buffer {
  return write(oidTag, Buffer.from(hex, "hex"));
}
