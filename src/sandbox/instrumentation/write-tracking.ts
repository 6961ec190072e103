import { memoryCeilingPages } from "../../domain/limits.ts";
import { ByteReader, WasmFormatError } from "../wasm/binary.ts";
import {
  assemble,
  editBody,
  namesMemory,
  readLocalCount,
  visitInstructions,
  withLocals,
} from "../wasm/code.ts";
import type { Edit, Instruction } from "../wasm/code.ts";
import {
  readCode,
  readExports,
  readFunctions,
  readImports,
  readMemories,
  readTypes,
  sectionIds,
  withSection,
  writeCode,
  writeExports,
  writeMemories,
} from "../wasm/module.ts";
import type { FunctionType, ValueType, WasmModule } from "../wasm/module.ts";
import { opcodes, storedType } from "../wasm/opcodes.ts";
import { OperandStack } from "../wasm/operand-stack.ts";
import type { TypesOfCalls } from "../wasm/operand-stack.ts";
import { dirtyPageBytes, dirtyPagesExport } from "./dirty-pages.ts";

/**
 * Write tracking makes an engine flag the pages of its memory that it writes to, so that resetting an
 * instance need not write all of them.
 *
 * The flags are a separate memory with one byte per page of 4 KiB. Only the instructions that are added here
 * access it, and they only write 1, so a guest cannot hide a write. The host clears the flags when it resets
 * the instance. They are not part of the state: nothing that a guest can see depends on them.
 *
 * 1. Before a byte is written, its page or the page before it is flagged.
 * 2. A page is not flagged again where the code shows that it already was: for a store through a local that
 *    was not assigned since the last store through it, in a straight run.
 */

const notedPageShift = BigInt(Math.log2(dirtyPageBytes));

/** A store up to this far after an address, of any width, ends on the next page at the latest. */
const nearOffset = dirtyPageBytes - 16;

/**
 * In pages of 64 KiB: a byte for each possible page, and one more for the end of a memory of maximum length.
 */
const notesPages = Math.ceil((memoryCeilingPages * 65_536) / dirtyPageBytes / 65_536) + 1;

/** @throws {WasmFormatError} unless the module has exactly one memory */
export function trackWrites(module: WasmModule): WasmModule {
  const signatures = readSignatures(module);
  const bodies = readCode(module).map((body, index) => trackBody(body, signatures, index));
  const tracked = withSection(module, sectionIds.code, writeCode(bodies));
  return exportNotes(addNotes(tracked));
}

interface Signatures {
  readonly types: readonly FunctionType[];
  /** The types of all functions by index, imported ones first. */
  readonly functions: readonly FunctionType[];
  readonly importedCount: number;
}

function readSignatures(module: WasmModule): Signatures {
  const types = readTypes(module);
  const imported = readImports(module).flatMap(({ kind, typeIndex }) =>
    kind === "function" && typeIndex !== undefined ? [typeIndex] : [],
  );
  const functions = [...imported, ...readFunctions(module)].map((index) => typeAt(types, index));
  return { types, functions, importedCount: imported.length };
}

function typeAt(types: readonly FunctionType[], index: number): FunctionType {
  const type = types[index];
  if (type === undefined) throw new WasmFormatError(`Unknown type ${index}`);
  return type;
}

function addNotes(module: WasmModule): WasmModule {
  const memories = readMemories(module);
  if (memories.length !== 1) throw new WasmFormatError("The module does not have exactly one memory");
  const notes = { minimum: notesPages, maximum: notesPages };
  return withSection(module, sectionIds.memory, writeMemories([...memories, notes]));
}

function exportNotes(module: WasmModule): WasmModule {
  const added = { name: dirtyPagesExport, kind: "memory", index: notesMemory } as const;
  return withSection(module, sectionIds.export, writeExports([...readExports(module), added]));
}

const notesMemory = 1;

function trackBody(body: Uint8Array, signatures: Signatures, index: number): Uint8Array {
  const { parameters } = typeAt(signatures.functions, signatures.importedCount + index);
  const scratch = new ScratchLocals(parameters.length + readLocalCount(body));
  const edits = findWrites(body, signatures).map(({ offset, write }): Edit => {
    return { start: offset, end: offset, bytes: assemble(...noteOf(write, scratch)) };
  });
  return withLocals(editBody(body, edits), scratch.types);
}

/** A write that is about to happen, with its operands on the stack. */
type Write =
  /** A store to the address in a local. */
  | { readonly kind: "local"; readonly local: number; readonly by: number }
  | { readonly kind: "store"; readonly type: ValueType; readonly by: number }
  /** `memory.copy` or `memory.fill`. */
  | { readonly kind: "bulk" };

interface WriteAt {
  /** The offset of its instruction in the body. */
  readonly offset: number;
  readonly write: Write;
}

/** The writes to flag, in the order of the body. */
function findWrites(body: Uint8Array, { types, functions }: Signatures): readonly WriteAt[] {
  const writes: WriteAt[] = [];
  const calls = {
    ofFunction: (index: number) => typeAt(functions, index),
    ofType: (index: number) => typeAt(types, index),
  };
  const { storedThrough, assignedInBlocks } = survey(body, calls);
  if (storedThrough === undefined) return writes;
  const noted = new NotedLocals(assignedInBlocks);
  const stack = new OperandStack(calls);
  const note = (offset: number, write: Write) => writes.push({ offset, write });
  visitInstructions(body, (opcode, start, end) => {
    const type = storedType(opcode);
    if (type !== undefined) {
      const by = accessOffset(body, start + 1);
      const local = stack.localAt(1);
      if (local === undefined) note(start, { kind: "store", type, by });
      else if (by > nearOffset) note(start, { kind: "local", local, by });
      else if (noted.add(local)) note(start, { kind: "local", local, by: 0 });
    } else if (opcode === opcodes.memoryCopy || opcode === opcodes.memoryFill) {
      note(start, { kind: "bulk" });
    } else if (opcode === opcodes.globalSet) {
      // A function's stack frame is flagged where it is created, because all later stores to it come after
      // that.
      const local = stack.localAt(0);
      if (local !== undefined && storedThrough.has(local) && noted.add(local))
        note(end, { kind: "local", local, by: 0 });
    }
    noted.step(opcode);
    const assigned = stack.step(opcode, body, start);
    if (assigned !== undefined) noted.delete(assigned);
  });
  return writes;
}

interface Survey {
  /** The locals that are the address of some store; `undefined` if the body writes nothing. */
  readonly storedThrough: ReadonlySet<number> | undefined;
  /** For each block, in order of their starts, the locals that are assigned in it. */
  readonly assignedInBlocks: readonly ReadonlySet<number>[];
}

function survey(body: Uint8Array, calls: TypesOfCalls): Survey {
  const stack = new OperandStack(calls);
  const storedThrough = new Set<number>();
  const assignedInBlocks: Set<number>[] = [];
  const open: Set<number>[] = [];
  let writes = false;
  visitInstructions(body, (opcode, start) => {
    if (storedType(opcode) !== undefined) {
      writes = true;
      const local = stack.localAt(1);
      if (local !== undefined) storedThrough.add(local);
    } else if (opcode === opcodes.memoryCopy || opcode === opcodes.memoryFill) {
      writes = true;
    } else if (beginsBlock(opcode)) {
      const assigned = new Set<number>();
      assignedInBlocks.push(assigned);
      open.push(assigned);
    } else if (opcode === opcodes.end) {
      open.pop();
    }
    const assigned = stack.step(opcode, body, start);
    if (assigned !== undefined) for (const block of open) block.add(assigned);
  });
  return { storedThrough: writes ? storedThrough : undefined, assignedInBlocks };
}

function beginsBlock(opcode: number): boolean {
  return opcode === opcodes.block || opcode === opcodes.loop || opcode === opcodes.if;
}

/**
 * The locals whose pages are certainly flagged at the current instruction. Knowledge from the start of a
 * block still holds after its end and in its other branch, unless an instruction in it assigned the local;
 * inside a loop nothing is known of a local that the loop assigns.
 */
class NotedLocals {
  readonly #assignedInBlocks: readonly ReadonlySet<number>[];
  readonly #open: { readonly before: ReadonlySet<number>; readonly assigned: ReadonlySet<number> }[] = [];
  #noted = new Set<number>();
  #blocks = 0;

  constructor(assignedInBlocks: readonly ReadonlySet<number>[]) {
    this.#assignedInBlocks = assignedInBlocks;
  }

  /** @returns true if the local was not known */
  add(local: number): boolean {
    if (this.#noted.has(local)) return false;
    this.#noted.add(local);
    return true;
  }

  delete(local: number): void {
    this.#noted.delete(local);
  }

  /** Moves past an instruction. */
  step(opcode: number): void {
    if (beginsBlock(opcode)) this.#begin(opcode);
    else if (opcode === opcodes.else) this.#noted = new Set(this.#open.at(-1)?.before);
    else if (opcode === opcodes.end) this.#end();
  }

  #begin(opcode: number): void {
    const assigned = this.#assignedInBlocks[this.#blocks] ?? new Set();
    this.#blocks += 1;
    this.#open.push({ before: new Set(this.#noted), assigned });
    if (opcode === opcodes.loop) this.#noted = this.#noted.difference(assigned);
  }

  #end(): void {
    // The last `end` is that of the function, and no code follows it.
    const block = this.#open.pop();
    this.#noted = new Set(block?.before).difference(block?.assigned ?? new Set());
  }
}

/** The offset of a memory access whose alignment starts at `at`. */
function accessOffset(body: Uint8Array, at: number): number {
  const reader = new ByteReader(body.subarray(at, at + 15));
  if (reader.u32() >= namesMemory) reader.u32();
  return reader.u32();
}

function noteOf(write: Write, scratch: ScratchLocals): readonly Instruction[] {
  if (write.kind === "local") return noteAddress(write.local, write.by);
  if (write.kind === "bulk") return noteRange(scratch);
  return noteStore(write, scratch);
}

/** The address is the lower of a store's two operands. */
function noteStore(
  { type, by }: Extract<Write, { readonly kind: "store" }>,
  scratch: ScratchLocals,
): readonly Instruction[] {
  const [address, value] = [scratch.of("i32"), scratch.of(type, 1)];
  return [
    [opcodes.localSet, value],
    [opcodes.localTee, address],
    ...noteAddress(address, by <= nearOffset ? 0 : by),
    [opcodes.localGet, value],
  ];
}

/** Flags the page of the address in `local`, and the page `by` bytes after it. Leaves the stack unchanged. */
function noteAddress(local: number, by: number): readonly Instruction[] {
  const address: readonly Instruction[] = [[opcodes.localGet, local]];
  const moved: readonly Instruction[] =
    by === 0 ? address : [...address, [opcodes.i32Const, BigInt.asIntN(32, BigInt(by))], [opcodes.i32Add]];
  return [
    ...pageOf(moved),
    [opcodes.i32Const, 1n],
    // The alignment (with the bit for a memory index), that index, and the offset.
    [opcodes.i32Store8, 0x40, notesMemory, 0],
  ];
}

function pageOf(address: readonly Instruction[]): readonly Instruction[] {
  return [...address, [opcodes.i32Const, notedPageShift], [opcodes.i32ShiftRightUnsigned]];
}

/**
 * Flags the pages of a bulk instruction: from its first operand, as many bytes as its third operand, and the
 * page after them.
 */
function noteRange(scratch: ScratchLocals): readonly Instruction[] {
  const [start, source, length] = [scratch.of("i32"), scratch.of("i32", 1), scratch.of("i32", 2)];
  const first = pageOf([[opcodes.localGet, start]]);
  const last = pageOf([[opcodes.localGet, start], [opcodes.localGet, length], [opcodes.i32Add]]);
  return [
    [opcodes.localSet, length],
    [opcodes.localSet, source],
    [opcodes.localTee, start],
    ...first,
    [opcodes.i32Const, 1n],
    ...last,
    ...first,
    [opcodes.i32Subtract],
    [opcodes.i32Const, 1n],
    [opcodes.i32Add],
    [opcodes.memoryFill, notesMemory],
    [opcodes.localGet, source],
    [opcodes.localGet, length],
  ];
}

/** Locals that are added to a function, after its own. */
class ScratchLocals {
  readonly #first: number;
  readonly #indices = new Map<string, number>();
  readonly types: ValueType[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  /** @param which distinguishes locals of one type that are needed at the same time */
  of(type: ValueType, which = 0): number {
    const name = `${type} ${which}`;
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const index = this.#first + this.types.length;
    this.#indices.set(name, index);
    this.types.push(type);
    return index;
  }
}
