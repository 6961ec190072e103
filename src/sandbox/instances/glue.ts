import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { endOfTurnId, maxFailureBytes } from "../../domain/limits.ts";
import type { GuestContext, Settlement, Turn } from "../../host/guest.ts";
import { ComputationError } from "../crypto/computation.ts";
import type { Compute } from "../crypto/compute.ts";
import { dirtyPageBytes, dirtyPagesExport } from "../instrumentation/dirty-pages.ts";
import { createComputeImport } from "./compute-import.ts";
import { bytesAt } from "./guest-memory.ts";
import { assertMemory } from "./memory-limit.ts";
import { readMeter } from "./meter.ts";
import type { Meter } from "./meter.ts";
import { createTurnRecorder } from "./turn-recorder.ts";
import type { TurnRecorder } from "./turn-recorder.ts";

/**
 * The engine's core module, entered by its lowered exports: what jco's glue does in 2,000 general lines,
 * for our one world (component model, canonical ABI). Half the time per turn is saved by it.
 *
 * An export that trapped leaves the core in no defined state; whoever calls must not enter it again.
 */
export interface Core {
  readonly memory: WebAssembly.Memory;
  /** Every mutable global but the meter's, by the order of their indices: with the memory, the whole state. */
  readonly globals: readonly WebAssembly.Global[];
  readonly meter: Meter;
  /** Which pages of the memory were written to (`sandbox/instrumentation/write-tracking.ts`); older engines do not say. */
  readonly notes: Uint8Array | undefined;
  /**
   * Evaluates a bundle. Answers with the guest's failure, JSON, where there is one. What is said to the
   * host meanwhile is dropped: there is no execution that it could belong to.
   */
  evaluate(bundle: Uint8Array): Uint8Array | undefined;
  run(context: GuestContext, payload: Uint8Array): Turn;
  settle(settlement: Settlement): Turn;
  /** @param now milliseconds since the Unix epoch */
  cancel(now: number): Turn;
}

const hostInterface = "duranium:runtime/host@0.1.0";

/**
 * A new instance of the engine, as the engine was built.
 *
 * @param limits those of the execution that it is in now
 * @param compute what `compute` comes to: an engine that is being built has none
 */
export function instantiateCore(
  module: WebAssembly.Module,
  limits: () => ExecutionLimits = () => defaultExecutionLimits,
  compute: Compute = cannotCompute,
): Core {
  const recorder = createTurnRecorder({
    memory: () => exports.memory.buffer,
    limits,
    stop: () => meter.stop(),
  });
  const computeImport = createComputeImport(compute, {
    memory: () => exports.memory.buffer,
    meter: () => meter,
    put: (bytes) => put(core, bytes),
    markDirty: (pointer, length) => markDirty(core, pointer, length),
    guard: recorder.guard,
  });
  const imports = { ...recorder.imports, compute: computeImport };
  const instance = new WebAssembly.Instance(module, { [hostInterface]: imports });
  const exports = instance.exports as unknown as CoreExports;
  const meter = readMeter(instance.exports, exports.memory);
  let wasRefused = false;
  const takeTurn = (enter: () => void): Turn => {
    enterRecorded(recorder, enter);
    const turn = recorder.finish();
    enterRecorded(recorder, () => endTurn(core));
    wasRefused ||= meter.wasRefused;
    return assertMemory(withEnd(turn, recorder.finish()), meter, wasRefused);
  };
  const notes =
    exports[dirtyPagesExport] === undefined ? undefined : new Uint8Array(exports[dirtyPagesExport].buffer);
  const core: EnteredCore = { exports, notes };
  return {
    memory: exports.memory,
    globals: mutableGlobals(instance.exports),
    meter,
    notes,
    evaluate: (bundle) => {
      const failure = enterRecorded(recorder, () => evaluate(core, bundle));
      recorder.finish();
      return failure;
    },
    run: (context, payload) => {
      wasRefused = false;
      return takeTurn(() => run(core, context, payload));
    },
    settle: (settlement) => takeTurn(() => settle(core, settlement)),
    cancel: (now) =>
      takeTurn(() => {
        exports.cancel(now);
        exports.cabi_post_cancel();
      }),
  };
}

/** A guest that was stopped for what it had told traps: what counts is that. */
function enterRecorded<T>(recorder: TurnRecorder, enter: () => T): T {
  try {
    return enter();
  } catch (error) {
    recorder.finish();
    throw error;
  }
}

function cannotCompute(): never {
  throw new ComputationError("Nothing is computed while an engine is built");
}

interface CoreExports {
  readonly memory: WebAssembly.Memory;
  readonly cabi_realloc: (pointer: number, length: number, alignment: number, newLength: number) => number;
  readonly evaluate: (...values: number[]) => number;
  readonly cabi_post_evaluate: (result: number) => void;
  readonly run: (...values: number[]) => void;
  readonly cabi_post_run: () => void;
  readonly settle: (...values: number[]) => void;
  readonly cabi_post_settle: () => void;
  readonly cancel: (now: number) => void;
  readonly cabi_post_cancel: () => void;
  readonly [dirtyPagesExport]?: WebAssembly.Memory;
}

interface EnteredCore {
  readonly exports: CoreExports;
  readonly notes: Uint8Array | undefined;
}

const encoder = new TextEncoder();

function mutableGlobals(exports: WebAssembly.Instance["exports"]): readonly WebAssembly.Global[] {
  return Object.keys(exports)
    .filter((name) => name.startsWith("$global_"))
    .toSorted((a, b) => globalIndex(a) - globalIndex(b))
    .map((name) => exports[name] as WebAssembly.Global);
}

function globalIndex(name: string): number {
  return Number(name.slice("$global_".length));
}

function evaluate(core: EnteredCore, bundle: Uint8Array): Uint8Array | undefined {
  const { exports } = core;
  const result = exports.evaluate(...put(core, bundle));
  const failure = failureAt(exports.memory.buffer, result);
  exports.cabi_post_evaluate(result);
  return failure;
}

/** `result<_, list<u8>>`: a byte that is 0 for ok, then, four bytes on, the list's pointer and length. */
function failureAt(memory: ArrayBuffer, result: number): Uint8Array | undefined {
  const { buffer, byteOffset, length } = bytesAt(memory, result, 12);
  const view = new DataView(buffer, byteOffset, length);
  if (view.getUint8(0) === 0) return undefined;
  const failure = bytesAt(memory, view.getUint32(4, true), view.getUint32(8, true));
  if (failure.length <= maxFailureBytes) return failure.slice();
  throw new DuraniumError(
    "limit-exceeded",
    `The failure of the top level has ${failure.length} bytes; the limit is ${maxFailureBytes}`,
  );
}

function run(core: EnteredCore, context: GuestContext, payload: Uint8Array): void {
  core.exports.run(
    ...putText(core, context.workflowId),
    context.version,
    ...putText(core, context.executionId),
    ...putOptionalText(core, context.entryPoint),
    ...put(core, context.seed),
    context.now,
    ...putText(core, context.callbackUrl),
    ...put(core, payload),
  );
  core.exports.cabi_post_run();
}

function settle(core: EnteredCore, { id, now, outcome, body }: Settlement): void {
  core.exports.settle(id, now, ...put(core, outcome), ...put(core, body));
  core.exports.cabi_post_settle();
}

/** The guest knows only now what was rejected in the turn and has no handler. Older engines ignore it. */
function endTurn(core: EnteredCore): void {
  settle(core, { id: endOfTurnId, now: 0, outcome: new Uint8Array(), body: new Uint8Array() });
}

/** A failure at the end of a turn counts more than a result in it: the turn in which `run` returns is not over then. */
function withEnd(turn: Turn, end: Turn): Turn {
  const hasFailed = turn.completion?.ok === false;
  const completion = hasFailed ? turn.completion : (end.completion ?? turn.completion);
  return {
    calls: [...turn.calls, ...end.calls],
    abandoned: [...turn.abandoned, ...end.abandoned],
    logs: [...turn.logs, ...end.logs],
    ...(completion === undefined ? {} : { completion }),
  };
}

function putOptionalText(core: EnteredCore, text: string | undefined): readonly number[] {
  return text === undefined ? [0, 0, 0] : [1, ...putText(core, text)];
}

function putText(core: EnteredCore, text: string): readonly number[] {
  return put(core, encoder.encode(text));
}

/** Copies bytes into memory that the guest allocates, and frees after the call. What we write the engine does not note. */
function put(core: EnteredCore, bytes: Uint8Array): readonly number[] {
  const { exports } = core;
  const pointer = exports.cabi_realloc(0, 0, 1, bytes.length);
  bytesAt(exports.memory.buffer, pointer, bytes.length).set(bytes);
  markDirty(core, pointer, bytes.length);
  return [pointer, bytes.length];
}

function markDirty({ notes }: EnteredCore, pointer: number, length: number): void {
  const start = pointer >>> 0;
  notes?.fill(1, Math.floor(start / dirtyPageBytes), Math.ceil((start + length) / dirtyPageBytes));
}
