import { ByteReader, ByteWriter } from "./wasm-binary.ts";
import { immediateOf, opcodes, prefix, prefixed } from "./wasm-opcodes.ts";
import type { Immediate } from "./wasm-opcodes.ts";

/**
 * The instructions of a function's body, told apart but not interpreted, replaced and written. An instruction
 * that is not known is refused, never skipped.
 */

/** What stands at `start` up to `end` of a body gives way to `bytes`; where the two are one, they are put in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** An opcode and what follows it: indices as numbers, constants as bigints, the type of a block as its byte. */
export type Instruction = readonly [opcode: number, ...immediates: (number | bigint)[]];

/** Calls `visit` with the opcode of every instruction and where it begins and ends in `body`. */
export function visitInstructions(
  body: Uint8Array,
  visit: (opcode: number, start: number, end: number) => void,
): void {
  const reader = new ByteReader(body);
  skipLocals(reader);
  while (!reader.done) {
    const start = reader.offset;
    const opcode = readOpcode(reader);
    skipImmediate(reader, immediateOf(opcode) ?? refuseOpcode(reader, opcode));
    visit(opcode, start, reader.offset);
  }
}

/** @param edits in the order of the body, none inside another */
export function editBody(body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return body;
  const addedBytes = edits.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const writer = new ByteWriter(body.length + addedBytes);
  let copied = 0;
  for (const { start, end, bytes } of edits) {
    writer.raw(body.subarray(copied, start));
    writer.raw(bytes);
    copied = end;
  }
  writer.raw(body.subarray(copied));
  return writer.finish();
}

/** The body with calls of the functions that are keys calling what is their value instead. */
export function redirectCalls(body: Uint8Array, targets: ReadonlyMap<number, number>): Uint8Array {
  const edits: Edit[] = [];
  visitInstructions(body, (opcode, start, end) => {
    if (opcode !== opcodes.call && opcode !== opcodes.functionReference) return;
    const target = targets.get(new ByteReader(body.subarray(start + 1, end)).u32());
    if (target !== undefined) edits.push({ start, end, bytes: assemble([opcode, target]) });
  });
  return editBody(body, edits);
}

/** The bytes of instructions. */
export function assemble(...instructions: readonly Instruction[]): Uint8Array {
  const writer = new ByteWriter(64);
  for (const [opcode, ...immediates] of instructions) {
    writeOpcode(writer, opcode);
    for (const immediate of immediates) {
      if (typeof immediate === "bigint") writer.signed(immediate);
      else writer.u32(immediate);
    }
  }
  return writer.finish();
}

/** The body of a function that has no locals but its parameters. */
export function assembleBody(...instructions: readonly Instruction[]): Uint8Array {
  return Uint8Array.of(0x00, ...assemble(...instructions, [opcodes.end]));
}

function skipLocals(reader: ByteReader): void {
  reader.vector(() => {
    reader.u32();
    reader.byte();
  });
}

function readOpcode(reader: ByteReader): number {
  const opcode = reader.byte();
  return opcode === prefix ? prefixed(reader.u32()) : opcode;
}

function writeOpcode(writer: ByteWriter, opcode: number): void {
  if (opcode < prefixed(0)) return writer.byte(opcode);
  writer.byte(prefix);
  writer.u32(opcode - prefixed(0));
}

function refuseOpcode(reader: ByteReader, opcode: number): never {
  return reader.refuse(`An unknown instruction 0x${opcode.toString(16)}`);
}

function skipImmediate(reader: ByteReader, immediate: Immediate): void {
  if (immediate === 0) return;
  if (typeof immediate === "number") reader.take(immediate);
  else skip[immediate](reader);
}

const skip: Readonly<Record<Exclude<Immediate, number>, (reader: ByteReader) => void>> = {
  u32: (reader) => reader.u32(),
  "two u32": skipTwo,
  // A byte for none or one result, or the index of a type, which is signed and not negative.
  "block type": (reader) => reader.skipSigned(64),
  labels: skipLabels,
  types: (reader) => reader.vector(() => reader.byte()),
  "memory access": skipMemoryAccess,
  memory: skipMemory,
  "two memories": (reader) => {
    skipMemory(reader);
    skipMemory(reader);
  },
  s32: (reader) => reader.skipSigned(32),
  s64: (reader) => reader.skipSigned(64),
};

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

function skipMemory(reader: ByteReader): void {
  if (reader.u32() !== 0) reader.refuse("An access to a second memory");
}
