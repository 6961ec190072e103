import { MiB } from "../../../base/binary-units.ts";
import { ByteReader, WasmFormatError } from "../../wasm/binary.ts";
import { assemble, editBody, visitInstructions } from "../../wasm/code.ts";
import type { Edit } from "../../wasm/code.ts";
import { readCode, readModule, sectionIds, withSection, writeCode, writeModule } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";

/**
 * Makes SpiderMonkey collect garbage before memory is exhausted.
 *
 * It collects when an allocation exceeds a threshold, and throws when an allocation fails. Its default
 * thresholds are close to the default memory limit of an execution, and grow to three times the live size
 * after a collection, because the clock of an engine stands still and collections always seem frequent.
 * Unreachable buffers could thus end an execution. SpiderMonkey has parameters for this that its embedding
 * does not expose, so the defaults are replaced in the constructor that stores them.
 */

/** Constants of 64 bits that the constructor of `GCSchedulingTunables` uses in this order. */
const defaults: readonly (readonly bigint[])[] = [
  // mallocThresholdBase and zoneAllocDelayBytes combined, then growth factors of a large and of a small heap.
  [pair(38 * MiB, MiB), double(1.5), double(3)],
  // gcZoneAllocThresholdBase and smallHeapSizeMaxBytes combined.
  [pair(27 * MiB, 100 * MiB)],
];

const replacements: readonly (readonly bigint[])[] = [
  [pair(8 * MiB, MiB), double(1.5), double(1.4)],
  [pair(8 * MiB, 100 * MiB)],
];

/** Two adjacent fields of 32 bits. */
function pair(low: number, high: number): bigint {
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

function double(value: number): bigint {
  return new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n;
}

/**
 * @param embedding the JavaScript engine as a WebAssembly module
 * @throws {WasmFormatError} unless the constants occur exactly once
 */
export function lowerCollectorThresholds(embedding: Uint8Array): Uint8Array {
  const module = readModule(embedding);
  const counts = defaults.map(() => 0);
  const bodies = readCode(module).map((body) => replaceDefaults(body, counts));
  if (counts.some((count) => count !== 1))
    throw new WasmFormatError(
      `Expected the collector's thresholds exactly once, but found them ${counts.join(" and ")} times`,
    );
  return writeModule(withSection(module, sectionIds.code, writeCode(bodies)));
}

interface Constant {
  readonly value: bigint;
  readonly start: number;
  readonly end: number;
}

function replaceDefaults(body: Uint8Array, counts: number[]): Uint8Array {
  const constants = readConstants(body);
  const edits: Edit[] = [];
  for (const [at] of constants.entries()) {
    const index = defaults.findIndex((run) =>
      run.every((value, offset) => constants[at + offset]?.value === value),
    );
    if (index === -1) continue;
    counts[index] = (counts[index] ?? 0) + 1;
    edits.push(...replaceRun(constants.slice(at), replacements[index] ?? []));
  }
  return editBody(body, edits);
}

function readConstants(body: Uint8Array): readonly Constant[] {
  const constants: Constant[] = [];
  visitInstructions(body, (opcode, start, end) => {
    if (opcode !== opcodes.i64Const) return;
    constants.push({ value: new ByteReader(body.subarray(start + 1, end)).signed(64), start, end });
  });
  return constants;
}

function replaceRun(constants: readonly Constant[], run: readonly bigint[]): readonly Edit[] {
  return run.flatMap((value, offset) => {
    const constant = constants[offset];
    if (constant === undefined) return [];
    return [{ start: constant.start, end: constant.end, bytes: assemble([opcodes.i64Const, value]) }];
  });
}
