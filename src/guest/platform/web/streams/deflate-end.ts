/**
 * Finds the end of deflate data (RFC 1951). The engine's decompressor accepts truncated data and does not report
 * how much of it it has read, so the codes are decoded again here, without producing any output. The data has been
 * decompressed without an error before, so errors that the engine detects are not checked here.
 */

/** Codes of up to this length are decoded by a table. Longer ones are rare, and decoded bit by bit. */
const lookupBits = 9;
const lookupMask = (1 << lookupBits) - 1;
const maxCodeBits = 15;

interface Codes {
  /**
   * Indexed by the next `lookupBits` bits: the symbol times 16, plus the length of its code, or 0 for longer codes.
   */
  readonly lookup: Uint16Array;
  /** The number of codes of each length. */
  readonly counts: Uint16Array;
  /** The symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

class BrokenData extends Error {}

class BitReader {
  readonly bytes: Uint8Array;
  position: number;
  #held = 0;
  #heldBits = 0;

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  take(bits: number): number {
    while (this.#heldBits < bits) {
      if (this.position >= this.bytes.length) throw new BrokenData();
      this.#held |= (this.bytes[this.position++] as number) << this.#heldBits;
      this.#heldBits += 8;
    }
    const value = this.#held & ((1 << bits) - 1);
    this.#held >>>= bits;
    this.#heldBits -= bits;
    return value;
  }

  symbol(codes: Codes): number {
    while (this.#heldBits < lookupBits && this.position < this.bytes.length) {
      this.#held |= (this.bytes[this.position++] as number) << this.#heldBits;
      this.#heldBits += 8;
    }
    const found = codes.lookup[this.#held & lookupMask] as number;
    if (found === 0) return this.#longSymbol(codes);
    const length = found & 15;
    if (length > this.#heldBits) throw new BrokenData();
    this.#held >>>= length;
    this.#heldBits -= length;
    return found >> 4;
  }

  /** Skips the rest of the current byte. */
  align(): void {
    this.position -= this.#heldBits >> 3;
    this.#held = 0;
    this.#heldBits = 0;
  }

  #longSymbol({ counts, symbols }: Codes): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= maxCodeBits; length += 1) {
      code |= this.take(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + (code - first)] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new BrokenData();
  }
}

/** The offset after the last block. `undefined` if the data is truncated, or copies from before its start. */
export function endOfDeflate(bytes: Uint8Array, start: number): number | undefined {
  const reader = new BitReader(bytes, start);
  try {
    let isLast = false;
    let made = 0;
    while (!isLast) {
      isLast = reader.take(1) === 1;
      const type = reader.take(2);
      if (type === 0) made += skipStored(reader);
      else made = skipCompressed(reader, made, ...(type === 1 ? fixedCodes() : readCodes(reader)));
    }
    reader.align();
    return reader.position;
  } catch (error) {
    if (error instanceof BrokenData) return undefined;
    throw error;
  }
}

function skipStored(reader: BitReader): number {
  reader.align();
  const length = reader.take(16);
  reader.take(16);
  reader.position += length;
  if (reader.position > reader.bytes.length) throw new BrokenData();
  return length;
}

const endOfBlock = 256;

/** @returns the number of decompressed bytes, including those of earlier blocks */
function skipCompressed(reader: BitReader, before: number, literals: Codes, distances: Codes): number {
  for (let made = before; ;) {
    const symbol = reader.symbol(literals);
    if (symbol < endOfBlock) made += 1;
    else if (symbol === endOfBlock) return made;
    else {
      const length = lengthOf(symbol, reader);
      // The engine accepts copies from before the start of the output.
      if (distanceOf(reader.symbol(distances), reader) > made) throw new BrokenData();
      made += length;
    }
  }
}

/** Section 3.2.5: each group of four symbols has one more extra bit than the previous one. */
function lengthOf(symbol: number, reader: BitReader): number {
  if (symbol < 265) return symbol - 254;
  if (symbol === 285) return 258;
  const bits = (symbol - 261) >> 2;
  return (4 << bits) + 3 + (((symbol - 261) & 3) << bits) + reader.take(bits);
}

/** Each group of two symbols has one more extra bit than the previous one. */
function distanceOf(symbol: number, reader: BitReader): number {
  if (symbol < 4) return symbol + 1;
  const bits = (symbol - 2) >> 1;
  return ((2 + (symbol & 1)) << bits) + 1 + reader.take(bits);
}

let fixed: readonly [Codes, Codes] | undefined;

function fixedCodes(): readonly [Codes, Codes] {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return (fixed ??= [codesOf(lengths), codesOf(new Uint8Array(30).fill(5))]);
}

/** RFC 1951, section 3.2.7. */
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

function readCodes(reader: BitReader): readonly [Codes, Codes] {
  const literals = reader.take(5) + 257;
  const distances = reader.take(5) + 1;
  const given = reader.take(4) + 4;
  const codeLengths = new Uint8Array(19);
  for (let index = 0; index < given; index += 1)
    codeLengths[codeLengthOrder[index] as number] = reader.take(3);
  const lengths = readLengths(reader, codesOf(codeLengths), literals + distances);
  return [codesOf(lengths.subarray(0, literals)), codesOf(lengths.subarray(literals))];
}

function readLengths(reader: BitReader, codes: Codes, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let index = 0; index < count;) {
    const symbol = reader.symbol(codes);
    if (symbol < 16) lengths[index++] = symbol;
    else {
      const repeated = symbol === 16 ? (lengths[index - 1] ?? 0) : 0;
      const times =
        symbol === 16 ? 3 + reader.take(2) : symbol === 17 ? 3 + reader.take(3) : 11 + reader.take(7);
      lengths.fill(repeated, index, index + times);
      index += times;
    }
  }
  return lengths;
}

/** Canonical codes from their lengths, section 3.2.2. */
function codesOf(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(maxCodeBits + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(maxCodeBits + 2);
  const next = new Uint16Array(maxCodeBits + 2);
  for (let length = 1; length <= maxCodeBits; length += 1) {
    offsets[length + 1] = (offsets[length] as number) + (counts[length] as number);
    next[length + 1] = ((next[length] as number) + (counts[length] as number)) << 1;
  }
  const symbols = new Uint16Array(lengths.length);
  const lookup = new Uint16Array(1 << lookupBits);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[(offsets[length] as number)++] = symbol;
    const code = (next[length] as number)++;
    if (length <= lookupBits) fillLookup(lookup, reversed(code, length), length, symbol);
  }
  return { lookup, counts, symbols };
}

/** Fills all entries that start with the code, whatever the bits after it. */
function fillLookup(lookup: Uint16Array, code: number, length: number, symbol: number): void {
  for (let index = code; index < lookup.length; index += 1 << length) lookup[index] = (symbol << 4) | length;
}

/** The bits of a code are stored with the first one lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
