import { assembleBody, withLocals } from "../../wasm/code.ts";
import type { Instruction } from "../../wasm/code.ts";
import type { ValueType } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";

/** Short names for the code of the answers to WASI, which is written by hand. */

export type Code = readonly Instruction[];

export const get = (local: number): Instruction => [opcodes.localGet, local];
export const set = (local: number): Instruction => [opcodes.localSet, local];
export const i32 = (value: number): Instruction => [opcodes.i32Const, BigInt.asIntN(32, BigInt(value))];
export const call = (index: number): Instruction => [opcodes.call, index];
export const give = (value: number): Code => [i32(value), [opcodes.return]];

/** `local += amount`. */
export const add = (local: number, amount: number): Code => [
  get(local),
  i32(amount),
  [opcodes.i32Add],
  set(local),
];

export const load = (address: Code, offset = 0): Code => [...address, [opcodes.i32Load, 0, offset]];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  [opcodes.i32Store, 0, offset],
];
export const storeByte = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  [opcodes.i32Store8, 0, offset],
];

const noResult = 0x40;
export const when = (condition: Code, then: Code): Code => [
  ...condition,
  [opcodes.if, noResult],
  ...then,
  [opcodes.end],
];
/** Repeats until a `return` in it. */
export const forever = (body: Code): Code => [
  [opcodes.loop, noResult],
  ...body,
  [opcodes.branch, 0],
  [opcodes.end],
];
/** Repeats as long as the condition holds. */
export const whilst = (condition: Code, body: Code): Code => [
  [opcodes.loop, noResult],
  ...when(condition, [...body, [opcodes.branch, 1]]),
  [opcodes.end],
];

/** Bytes of ASCII text, written from an address on, four at a time. */
export function storeText(address: Code, text: string, offset = 0): Code {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => {
    const at = index * 4;
    if (at + 4 <= bytes.length) return store(address, [i32(view.getInt32(at, true))], offset + at);
    return [...bytes.subarray(at)].flatMap((byte, rest) =>
      storeByte(address, [i32(byte)], offset + at + rest),
    );
  }).flat();
}

/** The body of a function with these locals after its parameters. */
export function bodyOf(locals: readonly ValueType[], code: Code): Uint8Array {
  return withLocals(assembleBody(...code), locals);
}
