import { hostModule } from "../passes/post-process.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import { assemble } from "../../wasm/code.ts";
import {
  findSection,
  memorySegments,
  readDataSegments,
  readExports,
  readGlobals,
  readModule,
  sectionIds,
  withSection,
  writeDataSegments,
  writeExports,
  writeGlobals,
  writeIndex,
  writeMemories,
  writeModule,
} from "../../wasm/module.ts";
import type { Export, Global, WasmModule } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";

/**
 * Starts Python once, and makes its memory and globals afterwards those with which every instance begins: Python with
 * its runtime takes a good part of a second to start, and does the same each time.
 *
 * @param linked the module as the linker wrote it, with the exports `_initialize` and `duranium_start`
 * @returns the module without these two
 * @throws {Error} with what Python wrote if it did not start
 */
export async function startPython(linked: Uint8Array): Promise<Uint8Array> {
  const module = readModule(linked);
  const started = start(await WebAssembly.compile(new Uint8Array(writeModule(withGlobalsExported(module)))));
  const exports = readExports(module).filter(({ name }) => !startExports.some((start) => start === name));
  const stateful = withState(module, started);
  return writeModule(withSection(stateful, sectionIds.export, writeExports(exports)));
}

/** Called once, in this order. */
const startExports = ["_initialize", "duranium_start"] as const;

/** The state of an instance. */
export interface ModuleState {
  readonly memory: Uint8Array;
  /** Values of the mutable globals, by index. */
  readonly globals: ReadonlyMap<number, number | bigint>;
}

type StartedExports = Readonly<Record<(typeof startExports)[number], () => void>> & {
  readonly memory: WebAssembly.Memory;
};

function globalName(index: number): string {
  return `$state_${index}`;
}

/** What the build reads must be visible, also the linker's pointer to the top of the stack. */
function withGlobalsExported(module: WasmModule): WasmModule {
  const added = readGlobals(module).flatMap(({ mutable }, index): Export[] =>
    mutable ? [{ name: globalName(index), kind: "global", index }] : [],
  );
  return withSection(module, sectionIds.export, writeExports([...readExports(module), ...added]));
}

function start(compiled: WebAssembly.Module): ModuleState {
  const said: string[] = [];
  const say = (pointer: number, length: number): void => {
    said.push(new TextDecoder().decode(new Uint8Array(exports.memory.buffer, pointer, length)));
  };
  const log = (_level: number, pointer: number, length: number): void => say(pointer, length);
  const instance = new WebAssembly.Instance(compiled, { [hostModule]: { ...refused, fail: say, log } });
  const exports = instance.exports as unknown as StartedExports;
  try {
    for (const name of startExports) exports[name]();
  } catch (cause) {
    throw new Error(`Python did not start: ${[...said, String(cause)].join("\n")}`, { cause });
  }
  return { memory: new Uint8Array(exports.memory.buffer), globals: globalValues(instance.exports) };
}

/** What no module may do while it is imported into the engine. */
const refused = Object.fromEntries(
  ["call", "abandon", "complete", "compute"].map((name) => [
    name,
    (): never => {
      throw new Error(`Python called ${name} of the host while it started`);
    },
  ]),
);

function globalValues(exports: WebAssembly.Instance["exports"]): ReadonlyMap<number, number | bigint> {
  const values = Object.entries(exports).flatMap(([name, value]): [number, number | bigint][] => {
    const [, index] = /^\$state_(\d+)$/.exec(name) ?? [];
    if (index === undefined || !(value instanceof WebAssembly.Global)) return [];
    return [[Number(index), value.value]];
  });
  return new Map(values);
}

/** Makes a state the one with which every instance of the module begins. */
export function withState(module: WasmModule, { memory, globals }: ModuleState): WasmModule {
  if (readDataSegments(module).some(({ isActive }) => !isActive))
    throw new WasmFormatError("The module of Python reads a data segment itself");
  const segments = memorySegments(memory);
  const values = readGlobals(module).map((global, index) => withValue(global, globals.get(index)));
  const sections: readonly (readonly [id: number, content: Uint8Array])[] = [
    [sectionIds.memory, writeMemories([{ minimum: memory.length / 65_536 }])],
    [sectionIds.global, writeGlobals(values)],
    [sectionIds.dataCount, writeIndex(segments.length)],
    [sectionIds.data, writeDataSegments(segments)],
  ];
  return sections
    .filter(([id]) => findSection(module, id) !== undefined)
    .reduce((changed, [id, content]) => withSection(changed, id, content), module);
}

function withValue(global: Global, value: number | bigint | undefined): Global {
  if (value === undefined) return global;
  if (global.type !== "i32" && global.type !== "i64")
    throw new WasmFormatError(`The module of Python changes a global of type ${global.type}`);
  const opcode = global.type === "i64" ? 0x42 : 0x41;
  return { ...global, initializer: assemble([opcode, BigInt(value)], [opcodes.end]) };
}
