import { ByteReader, WasmFormatError } from "../wasm/binary.ts";
import { visitInstructions } from "../wasm/code.ts";
import { isValueType } from "../wasm/module.ts";
import type { FunctionType } from "../wasm/module.ts";
import { opcodes, stackEffectOf } from "../wasm/opcodes.ts";

/** The types that a function's body refers to. */
export interface CalledTypes {
  readonly types: readonly FunctionType[];
  /** Of all functions by index, imported ones first. */
  readonly functions: readonly FunctionType[];
}

interface Block {
  /** The operands below it. */
  readonly base: number;
  readonly type: FunctionType;
}

/** The largest number of operands that a function has at a time. Its body must be valid. */
export function maxOperandHeight(body: Uint8Array, called: CalledTypes): number {
  let height = 0;
  let most = 0;
  const blocks: Block[] = [{ base: 0, type: nothing }];
  const top = (): Block => blocks.at(-1) ?? { base: 0, type: nothing };
  /** After a jump there may be fewer operands than an instruction takes: no code is reached there. */
  const change = (pops: number, pushes: number): void => {
    height = Math.max(height - pops, top().base) + pushes;
    most = Math.max(most, height);
  };
  visitInstructions(body, (opcode, start, end) => {
    switch (opcode) {
      case opcodes.block:
      case opcodes.loop:
      case opcodes.if: {
        if (opcode === opcodes.if) change(1, 0);
        const type = blockType(body.subarray(start + 1, end), called.types);
        blocks.push({ base: Math.max(height - type.parameters.length, top().base), type });
        return;
      }
      case opcodes.else:
        height = top().base + top().type.parameters.length;
        return;
      case opcodes.end: {
        const ended = blocks.pop();
        height = (ended?.base ?? 0) + (ended?.type.results.length ?? 0);
        most = Math.max(most, height);
        return;
      }
      case opcodes.branchIf:
        return change(1, 0);
      case opcodes.unreachable:
      case opcodes.branch:
      case opcodes.branchTable:
      case opcodes.return:
        height = top().base;
        return;
      default: {
        const { pops, pushes } = effectOf(opcode, body.subarray(start + 1, end), called);
        change(pops, pushes);
      }
    }
  });
  return most;
}

const nothing: FunctionType = { parameters: [], results: [] };

function blockType(immediate: Uint8Array, types: readonly FunctionType[]): FunctionType {
  const [first = 0x40] = immediate;
  if (first === 0x40) return nothing;
  if (isValueType(first)) return { parameters: [], results: ["i32"] };
  return types[Number(new ByteReader(immediate).signed(64))] ?? nothing;
}

function effectOf(
  opcode: number,
  immediate: Uint8Array,
  { types, functions }: CalledTypes,
): { readonly pops: number; readonly pushes: number } {
  if (opcode === opcodes.localGet) return { pops: 0, pushes: 1 };
  if (opcode === opcodes.localSet) return { pops: 1, pushes: 0 };
  if (opcode === opcodes.localTee) return { pops: 1, pushes: 1 };
  if (opcode === opcodes.call) return effectOfCall(functions[new ByteReader(immediate).u32()]);
  if (opcode === opcodes.callIndirect) {
    const { pops, pushes } = effectOfCall(types[new ByteReader(immediate).u32()]);
    return { pops: pops + 1, pushes };
  }
  const effect = stackEffectOf(opcode);
  if (effect === undefined || effect === "control")
    throw new WasmFormatError(`Unknown operands of instruction 0x${opcode.toString(16)}`);
  return effect;
}

function effectOfCall({ parameters, results }: FunctionType = nothing): { pops: number; pushes: number } {
  return { pops: parameters.length, pushes: results.length };
}
