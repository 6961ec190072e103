import { assemble, editBody, readLocalCount, visitInstructions } from "../wasm/code.ts";
import type { Edit, Instruction } from "../wasm/code.ts";
import {
  readCode,
  readFunctions,
  readGlobals,
  readImports,
  readTypes,
  sectionIds,
  valueTypeBytes,
  withSection,
  writeCode,
  writeGlobals,
  writeIndices,
  writeTypes,
} from "../wasm/module.ts";
import type { FunctionType, WasmModule } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { callStackBytes } from "./limits.ts";
import { maxOperandHeight } from "./operand-height.ts";
import type { CalledTypes } from "./operand-height.ts";
import { bodyOf, call, i32, storeText } from "./wasi/instructions.ts";

/**
 * Limits the depth of calls by what they take of the native stack, estimated from the code. The native stack itself would end a
 * recursion elsewhere on each machine and in each tier of V8's compilers; here it ends at the same call on every replay, with a
 * failure of the workflow.
 *
 * A function subtracts its frame from a global when it is entered, and adds it when it returns. Functions that call none are left
 * out, unless their frame is large.
 *
 * @param module imports `fail` of the host
 */
export function limitStack(module: WasmModule): WasmModule {
  const imports = readImports(module);
  const types = [...readTypes(module)];
  const defined = readFunctions(module);
  const indices = [...imports.map(({ typeIndex = 0 }) => typeIndex), ...defined];
  const functions = indices.map((index) => types[index] ?? nothing);
  const globals = readGlobals(module);
  const overflow = functions.length;
  const scope = { called: { types: [...types], functions }, types, left: globals.length, overflow };
  const bodies = readCode(module).map((body, index) =>
    limitBody(body, functions[imports.length + index] ?? nothing, scope),
  );
  const fail = imports.findIndex(({ name }) => name === "fail");
  const left = {
    type: "i32",
    mutable: true,
    initializer: assemble(i32(callStackBytes), [opcodes.end]),
  } as const;
  const contents = [
    [sectionIds.type, writeTypes([...types, nothing])],
    [sectionIds.function, writeIndices([...defined, types.length])],
    [sectionIds.global, writeGlobals([...globals, left])],
    [sectionIds.code, writeCode([...bodies, overflowBody(fail)])],
  ] as const;
  return contents.reduce((changed, [id, content]) => withSection(changed, id, content), module);
}

const nothing: FunctionType = { parameters: [], results: [] };

interface Scope {
  readonly called: CalledTypes;
  /** All types of the module; types of blocks are added. */
  readonly types: FunctionType[];
  /** The global with what is left of the stack. */
  readonly left: number;
  /** The function that ends the execution. */
  readonly overflow: number;
}

/** What V8 keeps of each call beside locals and operands: return address, frame pointer, instance, feedback. */
const fixedFrameBytes = 96;
const slotBytes = 8;

/** A frame that is larger is counted also where it is the last. */
const largeFrameBytes = 4_096;

function limitBody(body: Uint8Array, type: FunctionType, scope: Scope): Uint8Array {
  const slots = type.parameters.length + readLocalCount(body) + maxOperandHeight(body, scope.called);
  const frameBytes = fixedFrameBytes + slotBytes * slots;
  const { start, returns, calls } = survey(body);
  if (!calls && frameBytes <= largeFrameBytes) return body;
  const { left, overflow } = scope;
  const enter = assemble(
    [opcodes.globalGet, left],
    i32(frameBytes),
    [opcodes.i32Subtract],
    [opcodes.globalSet, left],
    [opcodes.globalGet, left],
    i32(0),
    [opcodes.i32LessSigned],
    [opcodes.if, noResult],
    call(overflow),
    [opcodes.end],
    blockOf(type.results, scope),
  );
  const leave = assemble(
    [opcodes.globalGet, left],
    i32(frameBytes),
    [opcodes.i32Add],
    [opcodes.globalSet, left],
    [opcodes.end],
  );
  const end = body.length;
  return editBody(body, [{ start, end: start, bytes: enter }, ...returns, { start: end, end, bytes: leave }]);
}

const noResult = 0x40;

/** The body becomes a block, so that each way out of it leads to its end. */
function blockOf(results: FunctionType["results"], { types }: Scope): Instruction {
  const [result, second] = results;
  if (result === undefined) return [opcodes.block, noResult];
  if (second === undefined) return [opcodes.block, valueTypeBytes[result]];
  return [opcodes.block, BigInt(types.push({ parameters: [], results }) - 1)];
}

interface Survey {
  /** The offset of the first instruction. */
  readonly start: number;
  /** Returns that become branches to the end of the body. */
  readonly returns: readonly Edit[];
  readonly calls: boolean;
}

function survey(body: Uint8Array): Survey {
  const returns: Edit[] = [];
  let first: number | undefined;
  let calls = false;
  let depth = 0;
  visitInstructions(body, (opcode, start, end) => {
    first ??= start;
    if (opcode === opcodes.block || opcode === opcodes.loop || opcode === opcodes.if) depth += 1;
    else if (opcode === opcodes.end) depth -= 1;
    else if (opcode === opcodes.return)
      returns.push({ start, end, bytes: assemble([opcodes.branch, depth]) });
    else if (opcode === opcodes.call || opcode === opcodes.callIndirect) calls = true;
  });
  return { start: first ?? 0, returns, calls };
}

/** The memory is not used again, so the failure may overwrite it. */
function overflowBody(fail: number): Uint8Array {
  const text =
    '{"name":"RangeError","message":"Call stack exceeded: the program calls functions too deeply"}';
  return bodyOf(
    [],
    [...storeText([i32(0)], text), i32(0), i32(text.length), call(fail), [opcodes.unreachable]],
  );
}
