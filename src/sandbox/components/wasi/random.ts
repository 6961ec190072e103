import type { Instruction } from "../../wasm/code.ts";
import { opcodes } from "../../wasm/opcodes.ts";
import { add, bodyOf, forever, get, give, i32, set, store, storeByte, when } from "./instructions.ts";
import type { Code } from "./instructions.ts";
import type { WasiGlobals } from "./wasi-globals.ts";

/**
 * `random_get`: the key stream of ChaCha20 (RFC 8439, 2.3) with the seed of the execution as its key and a nonce of zeros. Each
 * request begins with a new block, whose number is counted in 64 bits.
 */
export function randomBody(globals: WasiGlobals): Uint8Array {
  const initial = (word: number): Code => initialWord(globals, word);
  return bodyOf(
    ["i64", ...Array.from({ length: 17 }, () => "i32" as const)],
    [
      ...forever([
        ...when([get(length), [opcodes.i32EqualZero]], give(0)),
        [opcodes.globalGet, globals.block],
        set(block),
        [opcodes.globalGet, globals.block],
        [opcodes.i64Const, 1n],
        [opcodes.i64Add],
        [opcodes.globalSet, globals.block],
        ...words.flatMap((word) => [...initial(word), set(local(word))]),
        ...rounds(),
        ...words.flatMap((word) => [
          get(local(word)),
          ...initial(word),
          [opcodes.i32Add] as const,
          set(local(word)),
          ...emit(local(word)),
        ]),
      ]),
      i32(0),
    ],
  );
}

const pointer = 0;
const length = 1;
const block = 2;
const round = 19;
const words = Array.from({ length: 16 }, (_, word) => word);
const local = (word: number): number => 3 + word;

/** "expand 32-byte k". */
const constants = [0x61_70_78_65, 0x33_20_64_6e, 0x79_62_2d_32, 0x6b_20_65_74];

function initialWord(globals: WasiGlobals, word: number): Code {
  if (word < 4) return [i32(constants[word] ?? 0)];
  if (word < 12) return half([opcodes.globalGet, globals.key + ((word - 4) >> 1)], word);
  return word < 14 ? half(get(block), word) : [i32(0)];
}

/** The lower half of an i64 for an even word, and the upper one for an odd word. */
function half(value: Instruction, word: number): Code {
  if (word % 2 === 0) return [value, [opcodes.i32Wrap]];
  return [value, [opcodes.i64Const, 32n], [opcodes.i64ShiftRightUnsigned], [opcodes.i32Wrap]];
}

/** Ten times the four columns and the four diagonals. */
function rounds(): Code {
  const quarters = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
  ] as const;
  return [
    i32(10),
    set(round),
    [opcodes.loop, 0x40],
    ...quarters.flatMap(([a, b, c, d]) => quarter(local(a), local(b), local(c), local(d))),
    get(round),
    i32(1),
    [opcodes.i32Subtract],
    [opcodes.localTee, round],
    [opcodes.branchIf, 0],
    [opcodes.end],
  ];
}

function quarter(a: number, b: number, c: number, d: number): Code {
  return [...mix(a, b, d, 16), ...mix(c, d, b, 12), ...mix(a, b, d, 8), ...mix(c, d, b, 7)];
}

/** `sum += addend; turned = (turned ^ sum) <<< bits`. */
function mix(sum: number, addend: number, turned: number, bits: number): Code {
  return [
    get(sum),
    get(addend),
    [opcodes.i32Add],
    set(sum),
    get(turned),
    get(sum),
    [opcodes.i32Xor],
    i32(bits),
    [opcodes.i32RotateLeft],
    set(turned),
  ];
}

/** Writes a word, or as many of its bytes as are still requested. */
function emit(word: number): Code {
  const lastBytes = forever([
    ...when([get(length), [opcodes.i32EqualZero]], give(0)),
    ...storeByte([get(pointer)], [get(word)]),
    get(word),
    i32(8),
    [opcodes.i32ShiftRightUnsigned],
    set(word),
    ...add(pointer, 1),
    ...add(length, -1),
  ]);
  return [
    ...when([get(length), i32(4), [opcodes.i32LessUnsigned]], lastBytes),
    ...store([get(pointer)], [get(word)]),
    ...add(pointer, 4),
    ...add(length, -4),
  ];
}
