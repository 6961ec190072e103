/**
 * The instructions that engines consist of, as data: WebAssembly core specification 3.0, chapter 5.4. Those
 * with the prefix `0xfc` are numbered from `0xfc00`. Other instructions are unknown and rejected: vectors,
 * atomics, exceptions, tail calls, garbage-collected types, and whatever changes a table or drops a segment.
 */

/** The kind of an immediate; a number is that many bytes. */
export type Immediate =
  | number
  | "u32"
  | "two u32"
  | "block type"
  | "labels"
  | "types"
  | "reference type"
  | "memory access"
  | "memory"
  | "two memories"
  | "s32"
  | "s64";

/** The instructions that this code looks for or writes. */
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
  callIndirect: 0x11,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  i64Load: 0x29,
  i32Load8Unsigned: 0x2d,
  i32Store: 0x36,
  i64Store: 0x37,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Store8: 0x3a,
  i32Store16: 0x3b,
  i64Store8: 0x3c,
  i64Store16: 0x3d,
  i64Store32: 0x3e,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32EqualZero: 0x45,
  i32Equal: 0x46,
  i32NotEqual: 0x47,
  i32LessSigned: 0x48,
  i32LessUnsigned: 0x49,
  i32GreaterUnsigned: 0x4b,
  i32GreaterEqualUnsigned: 0x4f,
  i64LessSigned: 0x53,
  i64GreaterUnsigned: 0x56,
  f64Greater: 0x64,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i32Multiply: 0x6c,
  i32DivideUnsigned: 0x6e,
  i32RemainderUnsigned: 0x70,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32ShiftLeft: 0x74,
  i32ShiftRightUnsigned: 0x76,
  i32RotateLeft: 0x77,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64Multiply: 0x7e,
  i64ShiftLeft: 0x86,
  i64ShiftRightUnsigned: 0x88,
  f64Multiply: 0xa2,
  i32Wrap: 0xa7,
  i64ExtendUnsigned: 0xad,
  f64Reinterpret: 0xbf,
  referenceNull: 0xd0,
  functionReference: 0xd2,
  i64TruncateSaturatedUnsigned: 0xfc07,
  memoryInit: 0xfc08,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
} as const;

/** The byte that announces the number of a prefixed instruction. */
export const prefix = 0xfc;

/** The opcode of the prefixed instruction with that number. */
export function prefixed(number: number): number {
  return (prefix << 8) + number;
}

/** The immediate of an opcode; `undefined` if the opcode is unknown. */
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
  0xd0: "reference type",
  0xd1: 0,
  0xd2: "u32",
  // Saturating conversions.
  ...opcodesFrom(prefixed(0), prefixed(7), 0),
  [opcodes.memoryInit]: "two u32",
  [opcodes.memoryCopy]: "two memories",
  [opcodes.memoryFill]: "memory",
};

/** Arrays, because every instruction of an engine is looked up. */
const plain = listFrom(0);
const behindPrefix = listFrom(prefixed(0));

function listFrom(first: number): readonly (Immediate | undefined)[] {
  return Array.from({ length: 256 }, (_, index) => immediates[first + index]);
}

function opcodesFrom(first: number, last: number, immediate: Immediate): Record<number, Immediate> {
  const length = last - first + 1;
  return Object.fromEntries(Array.from({ length }, (_, index) => [first + index, immediate]));
}

/** The type that an instruction stores; `undefined` if it is not a store. */
export function storedType(opcode: number): "i32" | "i64" | "f32" | "f64" | undefined {
  return storedTypes[opcode - opcodes.i32Store];
}

/** Starting at `i32.store`. */
const storedTypes = ["i32", "i64", "f32", "f64", "i32", "i32", "i64", "i64", "i64"] as const;

/**
 * The number of operands that an instruction pops and pushes; `control` if it starts, ends or leaves a block.
 */
export type StackEffect = "control" | { readonly pops: number; readonly pushes: number };

/** `undefined` for calls, for locals, and for unknown opcodes. */
export function stackEffectOf(opcode: number): StackEffect | undefined {
  return opcode < prefixed(0) ? plainEffects[opcode] : prefixedEffects[opcode - prefixed(0)];
}

const effects: Readonly<Record<number, StackEffect>> = {
  ...effectsFrom(0x00, 0x00, "control"),
  ...effectsFrom(0x01, 0x01, { pops: 0, pushes: 0 }),
  ...effectsFrom(0x02, 0x0f, "control"),
  ...effectsFrom(0x1a, 0x1a, { pops: 1, pushes: 0 }),
  // `select`, of both kinds.
  ...effectsFrom(0x1b, 0x1c, { pops: 3, pushes: 1 }),
  // `global.get`, `global.set`, `table.get`, `table.set`.
  ...effectsFrom(0x23, 0x23, { pops: 0, pushes: 1 }),
  ...effectsFrom(0x24, 0x24, { pops: 1, pushes: 0 }),
  ...effectsFrom(0x25, 0x25, { pops: 1, pushes: 1 }),
  // Loads, then stores.
  ...effectsFrom(0x28, 0x35, { pops: 1, pushes: 1 }),
  ...effectsFrom(0x36, 0x3e, { pops: 2, pushes: 0 }),
  ...effectsFrom(0x3f, 0x3f, { pops: 0, pushes: 1 }),
  ...effectsFrom(0x40, 0x40, { pops: 1, pushes: 1 }),
  // Constants.
  ...effectsFrom(0x41, 0x44, { pops: 0, pushes: 1 }),
  // Comparisons of i32, i64, f32 and f64, two of them with zero.
  ...effectsFrom(0x45, 0x66, { pops: 2, pushes: 1 }),
  ...effectsFrom(0x45, 0x45, { pops: 1, pushes: 1 }),
  ...effectsFrom(0x50, 0x50, { pops: 1, pushes: 1 }),
  // Arithmetic of each type, unary instructions first.
  ...effectsFrom(0x67, 0x69, { pops: 1, pushes: 1 }),
  ...effectsFrom(0x6a, 0x78, { pops: 2, pushes: 1 }),
  ...effectsFrom(0x79, 0x7b, { pops: 1, pushes: 1 }),
  ...effectsFrom(0x7c, 0x8a, { pops: 2, pushes: 1 }),
  ...effectsFrom(0x8b, 0x91, { pops: 1, pushes: 1 }),
  ...effectsFrom(0x92, 0x98, { pops: 2, pushes: 1 }),
  ...effectsFrom(0x99, 0x9f, { pops: 1, pushes: 1 }),
  ...effectsFrom(0xa0, 0xa6, { pops: 2, pushes: 1 }),
  // Conversions.
  ...effectsFrom(0xa7, 0xc4, { pops: 1, pushes: 1 }),
  ...effectsFrom(0xd0, 0xd0, { pops: 0, pushes: 1 }),
  ...effectsFrom(0xd1, 0xd1, { pops: 1, pushes: 1 }),
  ...effectsFrom(0xd2, 0xd2, { pops: 0, pushes: 1 }),
  ...effectsFrom(prefixed(0), prefixed(7), { pops: 1, pushes: 1 }),
  ...effectsFrom(opcodes.memoryInit, opcodes.memoryInit, { pops: 3, pushes: 0 }),
  ...effectsFrom(opcodes.memoryCopy, opcodes.memoryFill, { pops: 3, pushes: 0 }),
};

const plainEffects = effectsListFrom(0);
const prefixedEffects = effectsListFrom(prefixed(0));

function effectsListFrom(first: number): readonly (StackEffect | undefined)[] {
  return Array.from({ length: 256 }, (_, index) => effects[first + index]);
}

function effectsFrom(first: number, last: number, effect: StackEffect): Record<number, StackEffect> {
  const length = last - first + 1;
  return Object.fromEntries(Array.from({ length }, (_, index) => [first + index, effect]));
}
