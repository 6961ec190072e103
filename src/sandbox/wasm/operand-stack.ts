import { ByteReader, WasmFormatError } from "./binary.ts";
import type { FunctionType } from "./module.ts";
import { opcodes, stackEffectOf } from "./opcodes.ts";

/**
 * Tracks which operands of a function's body are certain to hold the value of a local, instruction by
 * instruction. Only straight code adds knowledge; after a branch, and where code is reached from elsewhere,
 * nothing is known.
 */
export class OperandStack {
  readonly #types: TypesOfCalls;
  /** The topmost operand last. Nothing is known of the operands below them. */
  #operands: (number | undefined)[] = [];

  constructor(types: TypesOfCalls) {
    this.#types = types;
  }

  /** The local that the operand `depth` below the top holds the value of. */
  localAt(depth: number): number | undefined {
    return this.#operands[this.#operands.length - 1 - depth];
  }

  /**
   * Moves past an instruction that starts at `start`.
   *
   * @returns the local that it assigns
   */
  step(opcode: number, body: Uint8Array, start: number): number | undefined {
    switch (opcode) {
      case opcodes.localGet:
        this.#operands.push(indexAt(body, start + 1));
        return undefined;
      case opcodes.localSet:
        return this.#assign(indexAt(body, start + 1), undefined);
      case opcodes.localTee: {
        const local = indexAt(body, start + 1);
        return this.#assign(local, local);
      }
      case opcodes.call:
        this.#take(this.#types.ofFunction(indexAt(body, start + 1)));
        return undefined;
      case opcodes.callIndirect:
        this.#pop(1);
        this.#take(this.#types.ofType(indexAt(body, start + 1)));
        return undefined;
      default:
        this.#pass(opcode);
        return undefined;
    }
  }

  #assign(local: number, left: number | undefined): number {
    this.#pop(1);
    this.#operands = this.#operands.map((operand) => (operand === local ? undefined : operand));
    if (left !== undefined) this.#operands.push(left);
    return local;
  }

  #take({ parameters, results }: FunctionType): void {
    this.#pop(parameters.length);
    this.#push(results.length);
  }

  #pass(opcode: number): void {
    const effect = stackEffectOf(opcode);
    if (effect === undefined)
      throw new WasmFormatError(`Unknown operands of instruction 0x${opcode.toString(16)}`);
    if (effect === "control") {
      this.#operands = [];
      return;
    }
    this.#pop(effect.pops);
    this.#push(effect.pushes);
  }

  #pop(count: number): void {
    this.#operands.length = Math.max(0, this.#operands.length - count);
  }

  #push(count: number): void {
    for (let pushed = 0; pushed < count; pushed += 1) this.#operands.push(undefined);
  }
}

/** The parameters and results of called functions. */
export interface TypesOfCalls {
  ofFunction(index: number): FunctionType;
  ofType(index: number): FunctionType;
}

function indexAt(body: Uint8Array, at: number): number {
  const byte = body[at];
  return byte !== undefined && byte < 0x80 ? byte : new ByteReader(body.subarray(at, at + 5)).u32();
}
