/** A field as the wire holds it. Its type is known only to the schema of the message. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: number;
  readonly content: bigint | Buffer;
}

/**
 * The fields of a Protocol Buffers message, in the order of the wire
 * (https://protobuf.dev/programming-guides/encoding). The contents are views of `bytes`.
 *
 * @throws {Error} if the message is truncated or has a wire type other than 0, 1, 2 and 5
 */
export function* fieldsOf(bytes: Buffer): Generator<WireField> {
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(readVarint(reader));
    const wireType = tag % 8;
    yield { number: Math.floor(tag / 8), wireType, content: readContent(reader, wireType) };
  }
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readContent(reader: Reader, wireType: number): bigint | Buffer {
  switch (wireType) {
    case 0:
      return readVarint(reader);
    case 1:
      return take(reader, 8);
    case 2:
      return take(reader, Number(readVarint(reader)));
    case 5:
      return take(reader, 4);
    default:
      throw new Error(`Cannot read a Protocol Buffers message: unknown wire type ${wireType}`);
  }
}

/** Each byte has seven bits of the number, lowest first, and its eighth bit is set if another byte follows. */
function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const [byte = 0] = take(reader, 1);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

function take(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new Error("Cannot read a Protocol Buffers message: it is truncated");
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}
