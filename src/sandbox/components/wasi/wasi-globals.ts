import { assemble } from "../../wasm/code.ts";
import type { Global } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";

/** The state that the answers to WASI keep, as mutable globals of the module, by index: it is a part of each image. */
export interface WasiGlobals {
  /** f64. The clock of the execution in milliseconds since the Unix epoch. */
  readonly now: number;
  /** i64. The first of four globals with the seed. */
  readonly key: number;
  /** i64. The next block of random bytes. */
  readonly block: number;
  /** i32. The address of the buffers of standard output and error; 0 until one of them is written to. */
  readonly lines: number;
}

/** @param first the index of the first of `wasiGlobals` */
export function globalsFrom(first: number): WasiGlobals {
  return { now: first, key: first + 1, block: first + 5, lines: first + 6 };
}

/** 2000-01-01T00:00:00Z: the time before an execution begins. */
const clockAtStart = 946_684_800_000;

/** In the order of `globalsFrom`. Until an execution begins, random bytes come from a key of zeros. */
export const wasiGlobals: readonly Global[] = [
  { type: "f64", mutable: true, initializer: f64Constant(clockAtStart) },
  ...Array.from({ length: 5 }, () => zero("i64")),
  zero("i32"),
];

function zero(type: "i32" | "i64"): Global {
  const opcode = type === "i32" ? opcodes.i32Const : opcodes.i64Const;
  return { type, mutable: true, initializer: assemble([opcode, 0n], [opcodes.end]) };
}

function f64Constant(value: number): Uint8Array {
  const bytes = new Uint8Array(10);
  bytes[0] = 0x44;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  bytes[9] = opcodes.end;
  return bytes;
}
