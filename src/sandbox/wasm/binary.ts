/**
 * Reads and writes bytes of the WebAssembly binary format.
 *
 * Integers are LEB128 (WebAssembly core specification, 5.2.2). A reader rejects what the specification
 * rejects: an integer with too many bytes, unused bits that are set, a vector that is longer than its
 * container.
 */

/** Reports what could not be read, and at which offset of the module. */
export class WasmFormatError extends Error {
  override readonly name = "WasmFormatError";
}

/** Reads forward through `bytes`; `base` is their offset in the module, for messages. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly base: number;
  offset = 0;

  constructor(bytes: Uint8Array, base = 0) {
    this.bytes = bytes;
    this.base = base;
  }

  get done(): boolean {
    return this.offset === this.bytes.length;
  }

  /** @throws {WasmFormatError} always */
  refuse(what: string): never {
    throw new WasmFormatError(`${what} at offset ${this.base + this.offset} of the module`);
  }

  byte(): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined) return this.refuse("Unexpected end");
    this.offset += 1;
    return byte;
  }

  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.offset) this.refuse(`${length} bytes expected, too few left`);
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** An unsigned integer of 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) this.refuse("An integer of more than 32 bits");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.refuse("An integer of more than 5 bytes");
  }

  /** A signed integer of up to `bits` bits, 32 or 64. */
  signed(bits: 32 | 64): bigint {
    let value = 0n;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return this.#inRange(BigInt.asIntN(shift + 7, value), bits);
    }
    return this.refuse(`A signed integer of too many bytes for ${bits} bits`);
  }

  /** Skips what `signed` reads: most of an engine's code consists of such integers. */
  skipSigned(bits: 32 | 64): void {
    const lastByte = Math.floor(bits / 7);
    for (let at = 0; at <= lastByte; at += 1) {
      const byte = this.byte();
      if (at === lastByte) this.#assertSignOnly(byte, bits);
      if (byte < 0x80) return;
    }
    this.refuse(`A signed integer of too many bytes for ${bits} bits`);
  }

  /** In the last possible byte, the bits from the sign bit on must all be equal. */
  #assertSignOnly(byte: number, bits: 32 | 64): void {
    const mask = 0x7f & -(1 << ((bits % 7) - 1));
    const sign = byte & mask;
    if (sign !== 0 && sign !== mask) this.refuse(`A signed integer of more than ${bits} bits`);
  }

  #inRange(value: bigint, bits: 32 | 64): bigint {
    if (BigInt.asIntN(bits, value) !== value) this.refuse(`A signed integer of more than ${bits} bits`);
    return value;
  }

  /** A name: the length in bytes, then UTF-8. */
  name(): string {
    const bytes = this.take(this.u32());
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.refuse("A name that is not UTF-8");
    }
  }

  /** A vector: the count, then as many items, each read by `read`. */
  vector<T>(read: () => T): T[] {
    const count = this.u32();
    if (count > this.bytes.length - this.offset)
      this.refuse(`A vector of ${count} items, too few bytes left`);
    return Array.from({ length: count }, read);
  }
}

/** Writes forward; `finish` returns the written bytes. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** An unsigned integer in the minimum number of bytes. */
  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A signed integer in the minimum number of bytes. */
  signed(value: bigint): void {
    let rest = value;
    while (rest < -0x40n || rest >= 0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  vector<T>(items: readonly T[], write: (item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
