import { DuraniumError, messageOf } from "../domain/errors.ts";
import type { Digest } from "../domain/ids.ts";
import { maxMemoryPages } from "../domain/limits.ts";
import { instantiateCore } from "./glue.ts";
import type { Core } from "./glue.ts";
import { imagePageBytes } from "./image.ts";
import type { EngineState, GlobalValues, Image, PristineEngine } from "./image.ts";

/** An engine that instances can be made of. */
export interface LoadedEngine extends PristineEngine {
  readonly module: WebAssembly.Module;
}

/**
 * One instance of an engine, used by one workflow after the other: `reset` leaves nothing of the one
 * before. It must not be entered again once it is not reusable.
 */
export interface Instance {
  readonly engineDigest: Digest;
  /** Length of its memory. It never shrinks: only images of this length and more fit. */
  readonly memoryBytes: number;
  /** Whether another image may be put in: it neither trapped, nor broke a rule, nor grew. */
  readonly isReusable: boolean;
  /** Makes memory and globals those of the image, whatever they were. */
  reset(image: Image): void;
  /** Its state as it is: views, not copies. */
  state(): EngineState;
  /** Enters the core. A failure is translated, and ends the use of the instance. */
  enter<T>(turn: (core: Core) => T): T;
}

const wasmPageBytes = 65_536;
const maxMemoryBytes = maxMemoryPages * wasmPageBytes;

/** @param digest names the engine that `module` is */
export function loadEngine(digest: Digest, module: WebAssembly.Module): LoadedEngine {
  const { memory, globals } = stateOf(instantiateCore(module));
  return { digest, module, memory: memory.slice(), globals };
}

export function createInstance(engine: LoadedEngine): Instance {
  const core = instantiateCore(engine.module);
  let fittingBytes = core.memory.buffer.byteLength;
  let isBroken = false;
  return {
    engineDigest: engine.digest,
    get memoryBytes() {
      return core.memory.buffer.byteLength;
    },
    get isReusable() {
      return !isBroken && core.memory.buffer.byteLength === fittingBytes;
    },
    reset(image) {
      restore(core, engine, image);
      fittingBytes = image.memoryBytes;
    },
    state: () => stateOf(core),
    enter(turn) {
      if (isBroken) throw new DuraniumError("internal", "Cannot enter an instance that failed before");
      try {
        return turn(core);
      } catch (error) {
        isBroken = true;
        throw asGuestError(error, core);
      }
    },
  };
}

function stateOf(core: Core): EngineState {
  return {
    memory: new Uint8Array(core.memory.buffer),
    globals: core.globals.map(({ value }) => value),
  };
}

function restore(core: Core, engine: PristineEngine, image: Image): void {
  growTo(core.memory, image.memoryBytes);
  const memory = new Uint8Array(core.memory.buffer);
  memory.set(engine.memory);
  memory.fill(0, engine.memory.length);
  for (const [index, offset] of image.pageOffsets.entries()) {
    const start = index * imagePageBytes;
    memory.set(image.pages.subarray(start, start + imagePageBytes), offset);
  }
  setGlobals(core, image.globals);
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(missing / wasmPageBytes);
  if (memory.buffer.byteLength === bytes) return;
  throw new DuraniumError("internal", `Cannot put an image of ${bytes} bytes into a larger memory`);
}

/** The image was held against the engine when it was decoded: the globals are as many, of the same types. */
function setGlobals(core: Core, values: GlobalValues): void {
  for (const [index, global] of core.globals.entries()) global.value = values[index] ?? 0;
}

function asGuestError(error: unknown, core: Core): DuraniumError {
  if (error instanceof DuraniumError) return error;
  // The stack of the thread ended before the engine's own: a matter of the machine, not of the workflow.
  if (error instanceof RangeError) {
    return new DuraniumError("internal", "The stack of the worker thread was too small", { cause: error });
  }
  if (isOutOfMemory(core)) {
    const message = `The workflow took more than its ${maxMemoryBytes / (1024 * 1024)} MiB of memory`;
    return new DuraniumError("out-of-memory", message, { cause: error });
  }
  const message = `The engine gave up in the workflow: ${messageOf(error)}`;
  return new DuraniumError("guest-crashed", message, { cause: error });
}

/**
 * An engine that gets no more memory traps as it does for every other reason. What it asks for last is
 * never more than what it has: in the upper half of the memory, that was it.
 */
function isOutOfMemory(core: Core): boolean {
  return core.memory.buffer.byteLength > maxMemoryBytes / 2;
}
