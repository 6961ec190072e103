import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../domain/ids.ts";
import { compute } from "../crypto/compute.ts";
import type { EngineState, GlobalValues, Image, PristineEngine } from "./engine-state.ts";
import { instantiateCore } from "./glue.ts";
import type { Core } from "./glue.ts";
import { createMemoryRestorer } from "./memory-restore.ts";
import { explainTrap } from "./trap.ts";

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
  /** Fuel of all turns since it was made, reset or limited, also of the one that failed. */
  readonly fuelUsed: number;
  /** Says what may be used from now on. */
  limit(limits: ExecutionLimits): void;
  /** Makes memory and globals those of the image, whatever they were. */
  reset(image: Image, limits?: ExecutionLimits): void;
  /** Resets it to the image that it was reset to last, ahead of its next use: what is the same then is not done again. */
  rewind(): void;
  /** Whether it was reset to that image last. */
  holds(image: Image): boolean;
  /** Its state as it is: views, not copies. */
  state(): EngineState;
  /** Enters the core. A failure is translated, and ends the use of the instance. */
  enter<T>(turn: (core: Core) => T): T;
}

const wasmPageBytes = 65_536;

/** @param digest names the engine that `module` is */
export function loadEngine(digest: Digest, module: WebAssembly.Module): LoadedEngine {
  const { memory, globals } = stateOf(instantiateCore(module));
  return { digest, module, memory: memory.slice(), globals };
}

export function createInstance(engine: LoadedEngine): Instance {
  let limits = defaultExecutionLimits;
  const core = instantiateCore(engine.module, () => limits, compute);
  const memory = createMemoryRestorer(core, engine);
  let fittingBytes = core.memory.buffer.byteLength;
  let fuelUsed = 0;
  let isBroken = false;
  const limit = (given: ExecutionLimits): void => {
    limits = given;
    fuelUsed = 0;
  };
  const reset = (image: Image, given = defaultExecutionLimits): void => {
    memory.restore(image);
    setGlobals(core, image.globals);
    core.meter.memoryPages = image.memoryBytes / wasmPageBytes;
    fittingBytes = image.memoryBytes;
    limit(given);
  };
  return {
    engineDigest: engine.digest,
    get memoryBytes() {
      return core.memory.buffer.byteLength;
    },
    get isReusable() {
      return !isBroken && core.memory.buffer.byteLength === fittingBytes;
    },
    get fuelUsed() {
      return fuelUsed;
    },
    limit,
    reset,
    rewind() {
      if (memory.held !== undefined) reset(memory.held);
    },
    holds: (image) => memory.held?.id === image.id,
    state: () => stateOf(core),
    enter(turn) {
      if (isBroken) throw new DuraniumError("internal", "Cannot enter an instance that failed before");
      const fuel = Math.min(limits.turnFuel, limits.executionFuel - fuelUsed);
      core.meter.begin({ fuel, memoryPages: limits.memoryPages });
      try {
        return turn(core);
      } catch (error) {
        isBroken = true;
        throw explainTrap(error, { meter: core.meter, limits, fuelUsed: fuelUsed + fuel });
      } finally {
        fuelUsed += fuel - Math.max(0, core.meter.fuelLeft);
      }
    },
  };
}

function stateOf(core: Core): EngineState {
  return {
    memory: new Uint8Array(core.memory.buffer, 0, core.meter.memoryPages * wasmPageBytes),
    globals: core.globals.map(({ value }) => value),
  };
}

/** The image was held against the engine when it was decoded: the globals are as many, of the same types. */
function setGlobals(core: Core, values: GlobalValues): void {
  for (const [index, global] of core.globals.entries()) global.value = values[index] ?? 0;
}
