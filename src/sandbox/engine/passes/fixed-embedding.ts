import { ByteWriter, WasmFormatError } from "../../wasm/binary.ts";
import { redirectCalls } from "../../wasm/code.ts";
import {
  findSection,
  readCode,
  readFunctions,
  readImports,
  readModule,
  sectionIds,
  withSection,
  writeCode,
  writeIndices,
  writeModule,
} from "../../wasm/module.ts";
import type { Import, WasmModule } from "../../wasm/module.ts";

/**
 * The JavaScript engine as componentize embeds it, with a clock that stands still and constant instead of
 * random bytes, so that the memory that it leaves at its start is identical in every build.
 *
 * It starts inside wizer, which provides the real clock and entropy of the machine. Hash seeds, times, and
 * everything that follows from them (the order of hash tables, addresses) would otherwise differ from build
 * to build. Known seeds are no loss: every execution starts with the same memory, so they are the same for
 * all executions anyway.
 */

/** 2000-01-01T00:00:00Z, in milliseconds since the Unix epoch. */
export const buildClockMs = 946_684_800_000;

const wasi = "wasi_snapshot_preview1";

/** The replaced functions: their bodies, locals and instructions. */
const replacements: Readonly<Record<string, () => Uint8Array>> = {
  clock_time_get: clockBody,
  random_get: randomBody,
};

/** @throws {WasmFormatError} if the engine does not have the expected form */
export function fixEmbedding(embedding: Uint8Array): Uint8Array {
  const module = readModule(embedding);
  const functions = readImports(module).filter(({ kind }) => kind === "function");
  const replaced = Object.keys(replacements).map((name) => findImport(functions, name));
  return writeModule(replaceImports(module, functions, replaced));
}

function findImport(functions: readonly Import[], name: string): number {
  const index = functions.findIndex((item) => item.module === wasi && item.name === name);
  if (index === -1) throw new WasmFormatError(`The JavaScript engine does not import ${wasi}.${name}`);
  return index;
}

/**
 * Appends the replacements at the end of the function index space, so that no index changes, and redirects
 * the calls. The imports stay, unused.
 */
function replaceImports(
  module: WasmModule,
  functions: readonly Import[],
  replaced: readonly number[],
): WasmModule {
  if (findSection(module, sectionIds.code) === undefined)
    throw new WasmFormatError("The JavaScript engine has no code section");
  const types = readFunctions(module);
  const firstIndex = functions.length + types.length;
  const targets = new Map(replaced.map((index, place) => [index, firstIndex + place]));
  const added = replaced.map((index) => functions[index]?.typeIndex ?? 0);
  const bodies = readCode(module).map((body) => redirectCalls(body, targets));
  bodies.push(...Object.values(replacements).map((body) => body()));
  const declared = withSection(module, sectionIds.function, writeIndices([...types, ...added]));
  return withSection(declared, sectionIds.code, writeCode(bodies));
}

/** `clock_time_get(id, precision, result)`: stores nanoseconds at `result` and returns 0. */
function clockBody(): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(Uint8Array.of(0x00, 0x20, 0x02, 0x42));
  writer.signed(BigInt(buildClockMs) * 1_000_000n);
  writer.raw(Uint8Array.of(0x37, 0x03, 0x00, 0x41, 0x00, 0x0b));
  return writer.finish();
}

/**
 * `random_get(buffer, length)`: fills with a constant (a generator of zeros would be stuck) and returns 0.
 */
function randomBody(): Uint8Array {
  return Uint8Array.of(0x00, 0x20, 0x00, 0x41, 0x2a, 0x20, 0x01, 0xfc, 0x0b, 0x00, 0x41, 0x00, 0x0b);
}
