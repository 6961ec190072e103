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
 * The JavaScript engine as componentize embeds it, with a clock that stands still and randomness that is
 * none, so that what it leaves in its memory when it starts is the same in every build.
 *
 * It starts inside wizer, which gives it the real clock and entropy of the machine: hash seeds, times and
 * all that follows from them (the order of hash tables, addresses) would differ from build to build. The
 * seeds being known is no loss: one memory serves every execution, so they are the same for all anyway.
 */

/** 2000-01-01T00:00:00Z, in milliseconds since the Unix epoch. */
export const buildClockMs = 946_684_800_000;

const wasi = "wasi_snapshot_preview1";

/** The functions that are replaced: their bodies, locals and instructions. */
const replacements: Readonly<Record<string, () => Uint8Array>> = {
  clock_time_get: clockBody,
  random_get: randomBody,
};

/** @throws {WasmFormatError} where the engine is not as it is known here */
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
 * Appends the replacements at the end of the function index space, so that no index moves, and redirects
 * the calls. The imports stay, unused.
 */
function replaceImports(
  module: WasmModule,
  functions: readonly Import[],
  replaced: readonly number[],
): WasmModule {
  if (findSection(module, sectionIds.code) === undefined) throw new WasmFormatError("There is no code");
  const types = readFunctions(module);
  const firstIndex = functions.length + types.length;
  const targets = new Map(replaced.map((index, place) => [index, firstIndex + place]));
  const added = replaced.map((index) => functions[index]?.typeIndex ?? 0);
  const bodies = readCode(module).map((body) => redirectCalls(body, targets));
  bodies.push(...Object.values(replacements).map((body) => body()));
  const declared = withSection(module, sectionIds.function, writeIndices([...types, ...added]));
  return withSection(declared, sectionIds.code, writeCode(bodies));
}

/** `clock_time_get(id, precision, result)`: stores nanoseconds at `result`, answers 0. */
function clockBody(): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(Uint8Array.of(0x00, 0x20, 0x02, 0x42));
  writer.signed(BigInt(buildClockMs) * 1_000_000n);
  writer.raw(Uint8Array.of(0x37, 0x03, 0x00, 0x41, 0x00, 0x0b));
  return writer.finish();
}

/** `random_get(buffer, length)`: fills with a constant (a generator of zeros would be stuck), answers 0. */
function randomBody(): Uint8Array {
  return Uint8Array.of(0x00, 0x20, 0x00, 0x41, 0x2a, 0x20, 0x01, 0xfc, 0x0b, 0x00, 0x41, 0x00, 0x0b);
}
