import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { WasmFormatError } from "../../wasm/binary.ts";
import { assembleBody, visitInstructions } from "../../wasm/code.ts";
import {
  findSection,
  readCode,
  readDataSegments,
  readFunctions,
  readImports,
  readTypes,
  sectionIds,
  withSection,
  writeCode,
  writeDataSegments,
  writeImports,
  writeIndex,
  writeIndices,
} from "../../wasm/module.ts";
import type { DataSegment, WasmModule } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";
import { hostModule } from "./post-process.ts";

/**
 * Embeds the data of the guest's `Intl` into an engine as a passive segment, which is in no instance's memory
 * until a part of it is read. Locales and time zones thus cost nothing for executions that use none, and are
 * pinned with the engine.
 *
 * During a build, `data` is the last imported function of the module. The build replaces it by one of the
 * module's own functions with the same index; a finished engine does not import it.
 */

const dataFile = new URL("../../../guest/platform/intl/data/intl.br", import.meta.url);
const importName = "data";

export async function readIntlData(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(brotliDecompress)(await readFile(dataFile)));
}

/**
 * Reads the data of a portable component: time zones and English only, because they occupy its memory several
 * times.
 */
export async function readPortableIntlData(): Promise<Uint8Array<ArrayBuffer>> {
  const data = Buffer.from(await readIntlData());
  const indexEnd = 8 + Number.parseInt(data.toString("utf8", 0, 8), 16);
  const index = JSON.parse(data.toString("utf8", 8, indexEnd)) as PortableIndex;
  const bodies: Buffer[] = [];
  const sections: (readonly [string, number])[] = [];
  let offset = indexEnd;
  for (const [name, length] of index.sections) {
    const [kind, locale = ""] = name.split("/");
    if (kind === "zone" || isKept(locale)) {
      sections.push([name, length]);
      bodies.push(data.subarray(offset, offset + length));
    }
    offset += length;
  }
  const parents = Object.fromEntries(Object.entries(index.parents).filter(([locale]) => isKept(locale)));
  const kept = Buffer.from(JSON.stringify({ ...index, sections, parents }));
  const length = Buffer.from(kept.length.toString(16).padStart(8, "0"));
  return new Uint8Array(Buffer.concat([length, kept, ...bodies]));
}

function isKept(locale: string): boolean {
  return /^en(?:-(?:001|US|GB))?$/.test(locale);
}

/** The format is described in `scripts/make-intl-data.ts`. */
interface PortableIndex {
  readonly sections: readonly (readonly [name: string, bytes: number])[];
  readonly parents: Readonly<Record<string, string>>;
}

/** The interface of `wit/runtime.wit` with the function by which the guest reads its data. */
export function withDataImport(wit: string): string {
  const end = wit.indexOf("\n}\n", wit.indexOf("\ninterface host {"));
  if (end < 0) throw new Error("The host interface in wit/runtime.wit has an unexpected form");
  return `${wit.slice(0, end)}\n  ${importName}: func(offset: u32, length: u32, target: u32);${wit.slice(end)}`;
}

/** @throws {WasmFormatError} if the function is not the last import */
export function embedData(module: WasmModule, data: Uint8Array): WasmModule {
  const imports = readImports(module);
  const read = imports.at(-1);
  if (
    read === undefined ||
    read.module !== hostModule ||
    read.name !== importName ||
    read.typeIndex === undefined
  )
    throw new WasmFormatError(`The last import of the engine is not ${hostModule}.${importName}`);
  const { parameters = [], results = [] } = readTypes(module)[read.typeIndex] ?? {};
  if (parameters.join() !== "i32,i32,i32" || results.length > 0)
    throw new WasmFormatError("The engine reads its data in an unexpected way");
  // No other code may copy from a segment, because that would be neither charged nor tracked.
  for (const body of readCode(module))
    visitInstructions(body, (opcode) => {
      if (opcode === opcodes.memoryInit)
        throw new WasmFormatError("The engine copies from a data segment outside of the data function");
    });
  const segments = readDataSegments(module);
  const content = {
    [sectionIds.import]: writeImports(imports.slice(0, -1)),
    [sectionIds.function]: writeIndices([read.typeIndex, ...readFunctions(module)]),
    [sectionIds.code]: writeCode([readFunction(), ...readCode(module)]),
    [sectionIds.data]: writeDataSegments([passiveSegment(data), ...segments]),
  };
  if (findSection(module, sectionIds.dataCount) === undefined)
    throw new WasmFormatError("The engine has no data count section");
  const counted = withSection(module, sectionIds.dataCount, writeIndex(segments.length + 1));
  return Object.entries(content).reduce(
    (changed, [id, bytes]) => withSection(changed, Number(id), bytes),
    counted,
  );
}

/**
 * `data(offset, length, target)`. The target is filled first, by an instruction that is metered, tracked, and
 * checked against the bounds like all others.
 */
function readFunction(): Uint8Array {
  return assembleBody(
    [opcodes.localGet, 2],
    [opcodes.i32Const, 0n],
    [opcodes.localGet, 1],
    [opcodes.memoryFill, 0],
    [opcodes.localGet, 2],
    [opcodes.localGet, 0],
    [opcodes.localGet, 1],
    [opcodes.memoryInit, 0, 0],
  );
}

function passiveSegment(data: Uint8Array): DataSegment {
  const length = writeIndex(data.length);
  const segment = new Uint8Array(1 + length.length + data.length);
  segment[0] = 0x01;
  segment.set(length, 1);
  segment.set(data, 1 + length.length);
  return { isActive: false, content: segment };
}
