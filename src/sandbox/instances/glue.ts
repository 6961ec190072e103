import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { endOfTurnId, maxDeclarationBytes, maxFailureBytes } from "../../domain/limits.ts";
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
 * One core module of an engine, entered through its lowered exports.
 *
 * It does for the one world of Duranium what jco's generated glue does for any world (component model,
 * canonical ABI), which takes far less time per turn.
 *
 * It owns the core instance and the lifting and lowering of every value. It does not reset memory
 * (`memory-restore.ts`), validate recorded calls (`turn-recorder.ts`), or translate traps (`trap.ts`).
 *
 * Invariants:
 *
 * 1. An export that trapped leaves the core in an undefined state. The caller must not enter it again.
 * 2. A turn that exceeded a limit or broke the protocol traps; the recorded violation takes precedence over
 *    the trap, and so does a failure that the guest reported.
 * 3. The memory and `globals` together are the whole state of the core, apart from the meter.
 */
export interface Core {
  readonly memory: WebAssembly.Memory;
  /** Every mutable global except the meter's, ordered by index. */
  readonly globals: readonly WebAssembly.Global[];
  readonly meter: Meter;
  /** True once a turn failed with the failure that the guest reported before it trapped. It must not be entered again. */
  readonly hasTrapped: boolean;
  /** Dirty-page flags of the memory (`sandbox/instrumentation/write-tracking.ts`), one byte for each page. */
  readonly dirtyPages: Uint8Array;
  /**
   * Evaluates a bundle and returns the guest's failure as JSON, if it failed. Host calls and console lines
   * during the evaluation are dropped, because no execution exists that they could belong to.
   */
  evaluate(bundle: Uint8Array): Uint8Array | undefined;
  /** Returns the exports `schedules` and `flow` of the evaluated bundle as JSON, if it has any, or its failure. */
  declarations(): { readonly json?: Uint8Array } | { readonly threw: Uint8Array };
  run(context: GuestContext, payload: Uint8Array): Turn;
  settle(settlement: Settlement): Turn;
  /** @param now milliseconds since the Unix epoch */
  cancel(now: number): Turn;
}

const hostInterface = "duranium:runtime/host@0.1.0";

/**
 * Creates an instance in the state in which the engine was built.
 *
 * @param limits of the execution that currently uses the instance
 * @param compute answers `compute`; an engine that is being built has no such import
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
  const meter = readMeter(instance.exports);
  let wasRefused = false;
  let hasTrapped = false;
  const takeTurn = (enter: () => void): Turn => {
    const entered = enterTurn(recorder, meter, enter);
    hasTrapped = entered.hasTrapped;
    if (hasTrapped) return entered.turn;
    const end = enterRecorded(recorder, () => endTurn(core)).turn;
    wasRefused ||= meter.wasRefused;
    return assertMemory(withEnd(entered.turn, end), meter, wasRefused);
  };
  const dirtyPages = new Uint8Array(exports[dirtyPagesExport].buffer);
  const core: EnteredCore = { exports, dirtyPages };
  return {
    memory: exports.memory,
    globals: mutableGlobals(instance.exports),
    meter,
    dirtyPages,
    get hasTrapped() {
      return hasTrapped;
    },
    evaluate: (bundle) => enterRecorded(recorder, () => evaluate(core, bundle)).result,
    declarations: () => enterRecorded(recorder, () => readDeclarations(core)).result,
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

/** A guest that was stopped for a recorded violation traps: the violation takes precedence over the trap. */
function enterRecorded<T>(recorder: TurnRecorder, enter: () => T): { result: T; turn: Turn } {
  let result: T;
  try {
    result = enter();
  } catch (error) {
    throw withLastLine(error, recorder.finish());
  }
  return { result, turn: recorder.finish() };
}

/** As `enterRecorded`, for a turn that a guest may end by itself. */
function enterTurn(
  recorder: TurnRecorder,
  meter: Meter,
  enter: () => void,
): { turn: Turn; hasTrapped: boolean } {
  try {
    enter();
  } catch (error) {
    const turn = recorder.finish();
    if (isOwnEnd(error, turn, meter)) return { turn, hasTrapped: true };
    throw withLastLine(error, turn);
  }
  return { turn: recorder.finish(), hasTrapped: false };
}

/**
 * A guest may report a failure and then trap, because its language ends a program like this: the failure is that of the
 * workflow, unless the meter stopped the guest.
 */
function isOwnEnd(error: unknown, { completion }: Turn, meter: Meter): boolean {
  const isStopped = meter.fuelLeft < 0 || meter.wasRefused || meter.isStarved;
  return isTrap(error) && completion?.ok === false && !isStopped;
}

/** Languages write why they end a program to the console. */
function withLastLine(error: unknown, { logs }: Turn): unknown {
  const last = logs.at(-1);
  if (!isTrap(error) || last?.level !== "error") return error;
  const line = decoder.decode(last.line).slice(0, maxShownCharacters);
  const explained = new WebAssembly.RuntimeError(`${error.message}, after the console line ${line}`);
  return Object.assign(explained, { cause: error });
}

const maxShownCharacters = 300;

function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError;
}

function cannotCompute(): never {
  throw new ComputationError("Cannot compute while an engine is being built");
}

interface CoreExports {
  readonly memory: WebAssembly.Memory;
  readonly cabi_realloc: (pointer: number, length: number, alignment: number, newLength: number) => number;
  readonly evaluate: (...values: number[]) => number;
  readonly cabi_post_evaluate: (result: number) => void;
  /** Engines of release 0.1.0 and earlier lack `declarations` and `extend`. */
  readonly declarations?: () => number;
  readonly cabi_post_declarations?: (result: number) => void;
  readonly extend?: (...values: number[]) => void;
  readonly cabi_post_extend?: () => void;
  readonly run: (...values: number[]) => void;
  readonly cabi_post_run: () => void;
  readonly settle: (...values: number[]) => void;
  readonly cabi_post_settle: () => void;
  readonly cancel: (now: number) => void;
  readonly cabi_post_cancel: () => void;
  readonly [dirtyPagesExport]: WebAssembly.Memory;
}

interface EnteredCore {
  readonly exports: CoreExports;
  readonly dirtyPages: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

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

/** `result<_, list<u8>>`: the list of the error. */
function failureAt(memory: ArrayBuffer, result: number): Uint8Array | undefined {
  const { isError, bytes } = resultAt(memory, result);
  if (!isError) return undefined;
  if (bytes().length <= maxFailureBytes) return bytes().slice();
  throw new DuraniumError(
    "limit-exceeded",
    `The failure of the top level has ${bytes().length} bytes, and the limit is ${maxFailureBytes}`,
  );
}

/** A result at an address: a byte that is 0 for ok, and at offset 4 the pointer and the length of its list. */
function resultAt(memory: ArrayBuffer, result: number): { isError: boolean; bytes: () => Uint8Array } {
  const { buffer, byteOffset, length } = bytesAt(memory, result, 12);
  const view = new DataView(buffer, byteOffset, length);
  return {
    isError: view.getUint8(0) !== 0,
    bytes: () => bytesAt(memory, view.getUint32(4, true), view.getUint32(8, true)),
  };
}

function readDeclarations({ exports }: EnteredCore): ReturnType<Core["declarations"]> {
  if (exports.declarations === undefined) return {};
  const result = exports.declarations();
  const { buffer } = exports.memory;
  const threw = failureAt(buffer, result);
  const bytes = threw === undefined ? resultAt(buffer, result).bytes() : undefined;
  if (bytes !== undefined && bytes.length > maxDeclarationBytes) {
    throw new DuraniumError(
      "limit-exceeded",
      `The exports schedules and flow have ${bytes.length} bytes as JSON, and the limit is ${maxDeclarationBytes}`,
    );
  }
  const declared = bytes === undefined || bytes.length === 0 ? {} : { json: bytes.slice() };
  exports.cabi_post_declarations?.(result);
  return threw === undefined ? declared : { threw };
}

function run(core: EnteredCore, context: GuestContext, payload: Uint8Array): void {
  const { schedule, callSites } = context;
  if (schedule !== undefined || callSites !== undefined) {
    extend(core, {
      ...(schedule === undefined ? {} : { schedule }),
      ...(callSites === undefined ? {} : { callSites }),
    });
  }
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

/** Older engines do not know these members. */
function extend(core: EnteredCore, members: Pick<GuestContext, "schedule" | "callSites">): void {
  if (core.exports.extend === undefined) return;
  core.exports.extend(...putText(core, JSON.stringify(members)));
  core.exports.cabi_post_extend?.();
}

function settle(core: EnteredCore, { id, now, outcome, body }: Settlement): void {
  core.exports.settle(id, now, ...put(core, outcome), ...put(core, body));
  core.exports.cabi_post_settle();
}

/**
 * Only at the end of a turn does the guest know which rejected promises have no handler. Older engines ignore
 * the call.
 */
function endTurn(core: EnteredCore): void {
  settle(core, { id: endOfTurnId, now: 0, outcome: new Uint8Array(), body: new Uint8Array() });
}

/**
 * A failure at the end of a turn takes precedence over a result in it: the turn in which `run` returns has
 * not ended at that point.
 */
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

/**
 * Copies bytes into memory that the guest allocates and frees after the call. The engine does not track
 * writes of the host, so they are marked dirty here.
 */
function put(core: EnteredCore, bytes: Uint8Array): readonly number[] {
  const { exports } = core;
  const pointer = exports.cabi_realloc(0, 0, 1, bytes.length);
  bytesAt(exports.memory.buffer, pointer, bytes.length).set(bytes);
  markDirty(core, pointer, bytes.length);
  return [pointer, bytes.length];
}

function markDirty({ dirtyPages }: EnteredCore, pointer: number, length: number): void {
  const start = pointer >>> 0;
  dirtyPages.fill(1, Math.floor(start / dirtyPageBytes), Math.ceil((start + length) / dirtyPageBytes));
}
