/**
 * The instructions that engines are made of, as data: WebAssembly core specification 3.0, chapter 5.4. Those
 * behind the prefix `0xfc` stand at `0xfc00` and their number. What is not listed here is not known, and
 * nobody guesses about it: vectors, atomics, exceptions, tail calls, garbage-collected types, and whatever
 * changes a table or drops a segment.
 */

/** What follows an opcode; a number is that many bytes. */
export type Immediate =
  | number
  | "u32"
  | "two u32"
  | "block type"
  | "labels"
  | "types"
  | "memory access"
  | "memory"
  | "two memories"
  | "s32"
  | "s64";

/** The instructions that somebody here looks for or writes. */
export const opcodes = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  branchTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  localGet: 0x20,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Equal: 0x46,
  i32GreaterUnsigned: 0x4b,
  i64LessSigned: 0x53,
  i64GreaterUnsigned: 0x56,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64ShiftLeft: 0x86,
  i64ShiftRightUnsigned: 0x88,
  i64ExtendUnsigned: 0xad,
  functionReference: 0xd2,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
} as const;

/** The byte that says that the number of the instruction follows. */
export const prefix = 0xfc;

/** The opcode of the instruction of that number behind the prefix. */
export function prefixed(number: number): number {
  return (prefix << 8) + number;
}

/** What follows the opcode; `undefined` where the opcode is not known. */
export function immediateOf(opcode: number): Immediate | undefined {
  return opcode < prefixed(0) ? plain[opcode] : behindPrefix[opcode - prefixed(0)];
}

const immediates: Readonly<Record<number, Immediate>> = {
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
  ...opcodesFrom(0x20, 0x25, "u32"),
  ...opcodesFrom(0x28, 0x3e, "memory access"),
  ...opcodesFrom(0x3f, 0x40, "memory"),
  0x41: "s32",
  0x42: "s64",
  0x43: 4,
  0x44: 8,
  ...opcodesFrom(0x45, 0xc4, 0),
  0xd0: 1,
  0xd1: 0,
  0xd2: "u32",
  // Conversions that saturate.
  ...opcodesFrom(prefixed(0), prefixed(7), 0),
  [opcodes.memoryCopy]: "two memories",
  [opcodes.memoryFill]: "memory",
};

/** As lists, because every instruction of an engine is looked up. */
const plain = listFrom(0);
const behindPrefix = listFrom(prefixed(0));

function listFrom(first: number): readonly (Immediate | undefined)[] {
  return Array.from({ length: 256 }, (_, index) => immediates[first + index]);
}

function opcodesFrom(first: number, last: number, immediate: Immediate): Record<number, Immediate> {
  const length = last - first + 1;
  return Object.fromEntries(Array.from({ length }, (_, index) => [first + index, immediate]));
}
