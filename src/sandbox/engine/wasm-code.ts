import { ByteReader, ByteWriter } from "./wasm-binary.ts";

/**
 * The instructions of a function's body (WebAssembly core specification 3.0, chapter 5.4), told apart but
 * not interpreted. An instruction that is not listed here is refused, never skipped.
 */

/** What follows an opcode. */
type Immediate = "u32" | "two u32" | "block type" | "labels" | "types" | "memory access" | "s32" | "s64";

export const opcodes = { call: 0x10, functionReference: 0xd2 } as const;

const immediates: Readonly<Record<number, Immediate | number>> = {
  ...opcodesFrom(0x00, 0x01, 0),
  ...opcodesFrom(0x02, 0x04, "block type"),
  0x05: 0,
  0x0b: 0,
  ...opcodesFrom(0x0c, 0x0d, "u32"),
  0x0e: "labels",
  0x0f: 0,
  0x10: "u32",
  0x11: "two u32",
  ...opcodesFrom(0x1a, 0x1b, 0),
  0x1c: "types",
  ...opcodesFrom(0x20, 0x26, "u32"),
  ...opcodesFrom(0x28, 0x3e, "memory access"),
  ...opcodesFrom(0x3f, 0x40, 1),
  0x41: "s32",
  0x42: "s64",
  0x43: 4,
  0x44: 8,
  ...opcodesFrom(0x45, 0xc4, 0),
  0xd0: 1,
  0xd1: 0,
  0xd2: "u32",
};

/** Those of the prefix `0xfc`: saturating conversions, bulk memory. */
const bulkImmediates: Readonly<Record<number, Immediate | number>> = {
  ...opcodesFrom(0, 7, 0),
  10: 2,
  11: 1,
};

/** Calls `visit` with the opcode of every instruction and where it begins and ends in `body`. */
export function visitInstructions(
  body: Uint8Array,
  visit: (opcode: number, start: number, end: number) => void,
): void {
  const reader = new ByteReader(body);
  skipLocals(reader);
  while (!reader.done) {
    const start = reader.offset;
    const opcode = reader.byte();
    skipImmediate(reader, immediateOf(reader, opcode));
    visit(opcode, start, reader.offset);
  }
}

/** The body with calls of the functions that are keys calling what is their value instead. */
export function redirectCalls(body: Uint8Array, targets: ReadonlyMap<number, number>): Uint8Array {
  const writer = new ByteWriter(body.length + 16);
  let copied = 0;
  visitInstructions(body, (opcode, start, end) => {
    if (opcode !== opcodes.call && opcode !== opcodes.functionReference) return;
    const target = targets.get(new ByteReader(body.subarray(start + 1, end)).u32());
    if (target === undefined) return;
    writer.raw(body.subarray(copied, start + 1));
    writer.u32(target);
    copied = end;
  });
  if (copied === 0) return body;
  writer.raw(body.subarray(copied));
  return writer.finish();
}

function opcodesFrom<T>(first: number, last: number, immediate: T): Record<number, T> {
  const length = last - first + 1;
  return Object.fromEntries(Array.from({ length }, (_, index) => [first + index, immediate]));
}

function skipLocals(reader: ByteReader): void {
  reader.vector(() => {
    reader.u32();
    reader.byte();
  });
}

function immediateOf(reader: ByteReader, opcode: number): Immediate | number {
  const immediate = opcode === 0xfc ? bulkImmediates[reader.u32()] : immediates[opcode];
  return immediate ?? reader.refuse(`An unknown instruction 0x${opcode.toString(16)}`);
}

function skipImmediate(reader: ByteReader, immediate: Immediate | number): void {
  if (typeof immediate === "number") reader.take(immediate);
  else if (immediate === "s32") reader.signed(32);
  else if (immediate === "s64") reader.signed(64);
  else if (immediate === "block type") skipBlockType(reader);
  else if (immediate === "labels") skipLabels(reader);
  else if (immediate === "types") reader.vector(() => reader.byte());
  else if (immediate === "memory access") skipMemoryAccess(reader);
  else if (immediate === "two u32") skipTwo(reader);
  else reader.u32();
}

/** A byte for none or one result, or the index of a type, which is signed and not negative. */
function skipBlockType(reader: ByteReader): void {
  reader.signed(64);
}

function skipTwo(reader: ByteReader): void {
  reader.u32();
  reader.u32();
}

function skipLabels(reader: ByteReader): void {
  reader.vector(() => reader.u32());
  reader.u32();
}

/** Alignment and offset. An alignment of 64 and more means another memory than the first. */
function skipMemoryAccess(reader: ByteReader): void {
  if (reader.u32() >= 0x40) reader.refuse("An access to a second memory");
  reader.u32();
}
