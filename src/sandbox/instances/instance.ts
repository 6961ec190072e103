import type { Digest } from "../../base/digest.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { compute } from "../crypto/compute.ts";
import type { EngineState, GlobalValues, Image, PristineEngine } from "./engine-state.ts";
import { instantiateCore } from "./glue.ts";
import type { Core } from "./glue.ts";
import { createMemoryRestorer } from "./memory-restore.ts";
import { explainTrap } from "./trap.ts";

/** An engine from which instances can be created. */
export interface LoadedEngine extends PristineEngine {
  readonly module: WebAssembly.Module;
}

/**
 * One instance of an engine, used by one workflow at a time.
 *
 * It owns a core (`glue.ts`), the meter that bounds its turns (`meter.ts`) and the restoring of its memory
 * (`memory-restore.ts`). It does not know which execution it serves; the worker thread does.
 *
 * Invariants:
 *
 * 1. `reset` leaves nothing of the previous workflow: every byte of memory and every mutable global are those
 *    of the image.
 * 2. An instance that trapped, broke a limit, or grew its memory is not reusable; one that failed cannot be
 *    entered again.
 * 3. Fuel is charged identically in a new instance and in a reused one, because a replay must end in the same
 *    state.
 */
export interface Instance {
  readonly engineDigest: Digest;
  /** Length of its memory. It never shrinks: only images of at least this length fit. */
  readonly memoryBytes: number;
  /** True if another image may be put in: it did not trap, break a rule, or grow. */
  readonly isReusable: boolean;
  /** Fuel of all turns since the instance was created, reset or limited, including a failed turn. */
  readonly fuelUsed: number;
  /** Sets the limits of the turns to come. */
  limit(limits: ExecutionLimits): void;
  /** Sets memory and globals to those of the image. */
  reset(image: Image, limits?: ExecutionLimits): void;
  /**
   * Resets the instance to its last image ahead of its next use, so that a later reset to the same image has
   * less to do.
   */
  rewind(): void;
  /** True if the instance was last reset to this image. */
  holds(image: Image): boolean;
  /** The current state, as views and not copies. */
  state(): EngineState;
  /** Enters the core. A failure is translated and makes the instance unusable. */
  enter<T>(turn: (core: Core) => T): T;
}

const wasmPageBytes = 65_536;

/** @param digest of the engine in `module` */
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
      if (isBroken) throw new DuraniumError("internal", "Cannot enter an instance that has failed");
      const fuel = Math.min(limits.turnFuel, limits.executionFuel - fuelUsed);
      core.meter.begin({ fuel, memoryPages: limits.memoryPages });
      try {
        const result = turn(core);
        isBroken = core.hasTrapped;
        return result;
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

/**
 * The image was validated against the engine when it was decoded: the number and the types of the globals
 * match.
 */
function setGlobals(core: Core, values: GlobalValues): void {
  for (const [index, global] of core.globals.entries()) global.value = values[index] ?? 0;
}
