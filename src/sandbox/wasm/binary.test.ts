import { array, assert, bigInt, constantFrom, nat, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter, WasmFormatError } from "./binary.ts";

describe("bytes of the WebAssembly format", () => {
  test("unsigned integers are written in the minimum number of bytes", () => {
    expect(writtenU32(0)).toEqual(Uint8Array.of(0x00));
    expect(writtenU32(127)).toEqual(Uint8Array.of(0x7f));
    expect(writtenU32(128)).toEqual(Uint8Array.of(0x80, 0x01));
    expect(writtenU32(2 ** 32 - 1)).toEqual(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f));
  });

  test("every written integer is read back", () => {
    assert(
      property(nat({ max: 2 ** 32 - 1 }), bigInt(-(2n ** 63n), 2n ** 63n - 1n), (unsigned, signed) => {
        const reader = new ByteReader(
          write((writer) => {
            writer.u32(unsigned);
            writer.signed(signed);
          }),
        );
        expect([reader.u32(), reader.signed(64), reader.done]).toEqual([unsigned, signed, true]);
      }),
    );
  });

  test("skipping accepts and refuses the same bytes as reading", () => {
    const bits = constantFrom(32 as const, 64 as const);
    const tail = array(nat({ max: 255 }), { minLength: 1, maxLength: 11 });
    assert(
      property(bits, tail, constantFrom(0x00, 0x80), (width, bytes, more) => {
        const encoded = Uint8Array.from(
          bytes.map((byte, at) => (at < bytes.length - 1 ? byte | more : byte)),
        );
        const read = outcome(encoded, (reader) => reader.signed(width));
        expect(outcome(encoded, (reader) => reader.skipSigned(width))).toBe(read);
      }),
      { numRuns: 5_000 },
    );
  });

  test("every written name is read back", () => {
    assert(
      property(string({ unit: "grapheme" }), (name) => {
        expect(new ByteReader(write((writer) => writer.name(name))).name()).toBe(name);
      }),
    );
  });

  test("padded integers are read", () => {
    expect(new ByteReader(Uint8Array.of(0x85, 0x80, 0x00)).u32()).toBe(5);
    expect(new ByteReader(Uint8Array.of(0xff, 0x7f)).signed(32)).toBe(-1n);
  });

  test.each([
    ["an unsigned integer of six bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "u32"],
    ["an unsigned integer of 33 bits", [0xff, 0xff, 0xff, 0xff, 0x1f], "u32"],
    ["an integer that does not end", [0x80, 0x80], "u32"],
    ["a signed integer of six bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "signed"],
    ["a signed integer of 33 bits", [0xff, 0xff, 0xff, 0xff, 0x0f], "signed"],
    ["a name that is longer than what is left", [0x04, 0x61], "name"],
    ["a name that is not UTF-8", [0x01, 0xff], "name"],
    ["a vector that is longer than what is left", [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], "vector"],
  ] as const)("a reader refuses %s", (_what, bytes, kind) => {
    const reader = new ByteReader(Uint8Array.from(bytes));
    const read = {
      u32: () => reader.u32(),
      signed: () => reader.signed(32),
      name: () => reader.name(),
      vector: () => reader.vector(() => reader.byte()),
    };
    expect(read[kind]).toThrow(WasmFormatError);
  });
});

/** Where the reader stands behind it, or that it was refused. */
function outcome(bytes: Uint8Array, read: (reader: ByteReader) => unknown): number | "refused" {
  const reader = new ByteReader(bytes);
  try {
    read(reader);
    return reader.offset;
  } catch (error) {
    expect(error).toBeInstanceOf(WasmFormatError);
    return "refused";
  }
}

function writtenU32(value: number): Uint8Array {
  return write((writer) => writer.u32(value));
}

function write(fill: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(1);
  fill(writer);
  return writer.finish();
}
