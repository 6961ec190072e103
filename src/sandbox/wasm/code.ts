import { ByteReader, ByteWriter, WasmFormatError } from "./binary.ts";
import { isValueType, valueTypeBytes } from "./module.ts";
import type { ValueType } from "./module.ts";
import { immediateOf, opcodes, prefix, prefixed } from "./opcodes.ts";
import type { Immediate } from "./opcodes.ts";

/**
 * Instructions of a function's body: decoded but not interpreted, replaced, and written. An unknown
 * instruction is rejected, never skipped.
 */

/** Reports an instruction that is not in `opcodes.ts`. */
export class UnknownInstructionError extends WasmFormatError {
  /** With a prefix of `0xfc`, as in `opcodes.ts`; of other prefixes, the prefix alone. */
  readonly opcode: number;

  constructor(opcode: number, offset: number) {
    super(`An unknown instruction 0x${opcode.toString(16)} at offset ${offset} of the function`);
    this.opcode = opcode;
  }
}

/** Replaces the bytes from `start` to `end` of a body by `bytes`; if the two are equal, inserts them. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * An opcode and its immediates: indices as numbers, constants as bigints, the type of a block as its byte.
 */
export type Instruction = readonly [opcode: number, ...immediates: (number | bigint)[]];

/**
 * Calls `visit` with the opcode of every instruction and its start and end in `body`.
 *
 * @param memoryCount the number of memories of the module; an access to another one is rejected
 */
export function visitInstructions(
  body: Uint8Array,
  visit: (opcode: number, start: number, end: number) => void,
  memoryCount = 1,
): void {
  const reader = new ByteReader(body);
  readLocals(reader);
  while (!reader.done) {
    const start = reader.offset;
    const opcode = readOpcode(reader);
    skipImmediate(reader, immediateOf(opcode) ?? rejectOpcode(reader, opcode), memoryCount);
    visit(opcode, start, reader.offset);
  }
}

/** @param edits in the order of the body, not nested */
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

/** Redirects calls of the functions that are keys of `targets` to the functions that are their values. */
export function redirectCalls(body: Uint8Array, targets: ReadonlyMap<number, number>): Uint8Array {
  const edits: Edit[] = [];
  visitInstructions(body, (opcode, start, end) => {
    if (opcode !== opcodes.call && opcode !== opcodes.functionReference) return;
    const target = targets.get(new ByteReader(body.subarray(start + 1, end)).u32());
    if (target !== undefined) edits.push({ start, end, bytes: assemble([opcode, target]) });
  });
  return editBody(body, edits);
}

/** Encodes instructions. */
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

/** Encodes the body of a function without locals other than its parameters. */
export function assembleBody(...instructions: readonly Instruction[]): Uint8Array {
  return Uint8Array.of(0x00, ...assemble(...instructions, [opcodes.end]));
}

/** The number of locals that a body declares; parameters come before them. */
export function readLocalCount(body: Uint8Array): number {
  const groups = readLocals(new ByteReader(body));
  return groups.reduce((sum, count) => sum + count, 0);
}

/** Adds locals to a body, after its own. */
export function withLocals(body: Uint8Array, types: readonly ValueType[]): Uint8Array {
  if (types.length === 0) return body;
  const reader = new ByteReader(body);
  const groups = reader.u32();
  const declared = reader.offset;
  for (let group = 0; group < groups; group += 1) readLocalGroup(reader);
  const writer = new ByteWriter(body.length + types.length * 2 + 5);
  writer.u32(groups + types.length);
  writer.raw(body.subarray(declared, reader.offset));
  for (const type of types) {
    writer.u32(1);
    writer.byte(valueTypeBytes[type]);
  }
  writer.raw(body.subarray(reader.offset));
  return writer.finish();
}

/** The number of locals in each group of one type. */
function readLocals(reader: ByteReader): readonly number[] {
  return reader.vector(() => readLocalGroup(reader));
}

function readLocalGroup(reader: ByteReader): number {
  const count = reader.u32();
  skipValueType(reader);
  return count;
}

/**
 * A type of one byte. Types of references to a described type take more bytes: a reader that took the first
 * of them for the type would see other instructions than the engine.
 */
function skipValueType(reader: ByteReader): void {
  if (!isValueType(reader.byte())) reader.refuse("An unknown value type");
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

function rejectOpcode(reader: ByteReader, opcode: number): never {
  throw new UnknownInstructionError(opcode, reader.offset);
}

function skipImmediate(reader: ByteReader, immediate: Immediate, memoryCount: number): void {
  if (immediate === 0) return;
  if (typeof immediate === "number") reader.take(immediate);
  else skip[immediate](reader, memoryCount);
}

type Skip = (reader: ByteReader, memoryCount: number) => void;

const skip: Readonly<Record<Exclude<Immediate, number>, Skip>> = {
  u32: (reader) => reader.u32(),
  "two u32": skipTwo,
  "block type": skipBlockType,
  labels: skipLabels,
  types: (reader) => reader.vector(() => skipValueType(reader)),
  "reference type": skipValueType,
  "memory access": skipMemoryAccess,
  memory: skipMemory,
  "two memories": (reader, memoryCount) => {
    skipMemory(reader, memoryCount);
    skipMemory(reader, memoryCount);
  },
  s32: (reader) => reader.skipSigned(32),
  s64: (reader) => reader.skipSigned(64),
};

function skipTwo(reader: ByteReader): void {
  reader.u32();
  reader.u32();
}

/** A byte for no or one result, or the index of a type, which is a non-negative signed integer. */
function skipBlockType(reader: ByteReader): void {
  const first = reader.bytes[reader.offset] ?? 0;
  if (first === noResult || isValueType(first)) reader.take(1);
  else if (reader.signed(64) < 0n) reader.refuse("An unknown block type");
}

const noResult = 0x40;

function skipLabels(reader: ByteReader): void {
  reader.vector(() => reader.u32());
  reader.u32();
}

/** The bit of a memory access's alignment that announces the index of a memory. */
export const namesMemory = 0x40;

/** Alignment and offset. An alignment of 64 or more means that the index of a memory stands between them. */
function skipMemoryAccess(reader: ByteReader, memoryCount: number): void {
  if (reader.u32() >= namesMemory) skipMemory(reader, memoryCount);
  reader.u32();
}

function skipMemory(reader: ByteReader, memoryCount: number): void {
  if (reader.u32() >= memoryCount) reader.refuse("An access to another memory");
}
