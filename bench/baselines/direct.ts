import type { Guest } from "../../src/host/guest.ts";
import { buildPortableComponent } from "../../src/sandbox/engine/portable/portable.ts";
import { transpilePortable } from "../../test/support/portable-guest.ts";
import type { PortableCore } from "../../test/support/portable-guest.ts";

/** A workflow built the direct way: its own component, transpiled into its own core module. */
export interface DirectBuild {
  readonly componentizeMs: number;
  readonly transpileMs: number;
  readonly coreBytes: number;
  /** Compiles and instantiates the core module, like a process that never ran this workflow. */
  open(): Promise<Guest>;
}

/**
 * Takes 5 to 20 s.
 *
 * @param bundle of a workflow
 */
export async function buildDirectly(bundle: string): Promise<DirectBuild> {
  const startedAt = performance.now();
  const component = await buildPortableComponent(bundle);
  const componentizedAt = performance.now();
  const core = await transpilePortable(component);
  return {
    componentizeMs: componentizedAt - startedAt,
    transpileMs: performance.now() - componentizedAt,
    coreBytes: core.size,
    open: async () => await openAnew(core),
  };
}

let opened = 0;

/** V8 shares compiled code between modules with the same bytes; a unique custom section prevents that. */
async function openAnew(core: PortableCore): Promise<Guest> {
  const mark = customSection(`opened ${(opened += 1)}`);
  return await core.open(async (bytes) => await WebAssembly.compile(Buffer.concat([bytes, mark])));
}

/**
 * https://webassembly.github.io/spec/core/binary/modules.html#custom-section, for names of up to 100 bytes
 */
function customSection(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  return Uint8Array.from([0, text.length + 1, text.length, ...text]);
}
