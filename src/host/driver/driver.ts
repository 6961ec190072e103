/**
 * The driver: a foreign event loop on the journal.
 *
 * It runs one execution. The guest runs until its microtasks are drained, and registers host calls. Each call becomes one
 * command of the journal. The result that the journal delivers first is settled in the guest, which then runs again, until
 * the workflow has returned.
 *
 * It owns the execution's calls in flight and its copy of the guest's clock. It does not own the guest (the
 * caller disposes it), nor does it know of Restate, of WebAssembly or of any one operation.
 *
 * Invariants:
 *
 * 1. The commands of the journal depend only on the context, the payload and the results that the journal has delivered.
 *    The driver reads no clock, draws no random number, and waits only for the guest's turns and `journal.race`.
 * 2. A host call becomes exactly one command, in the order of the calls. A call that is abandoned in the turn in which it
 *    was made becomes none.
 * 3. At most one race is awaited at a time, over everything outstanding: the cancellation, then the calls
 *    in call order, then a grace period; or over a clock reading alone. It delivers one result, and a
 *    delivered or abandoned call is in no later race. Of many timers, only those that wake first take part.
 * 4. The guest's clock never goes back, and moves only when a result is delivered.
 * 5. No action of a guest makes the driver throw: violating the protocol, exceeding a limit or trapping ends the execution
 *    as `failed`. The driver throws only on errors of the infrastructure, after which the attempt can be retried.
 * 6. A turn that breaks the protocol leaves no command behind.
 * 7. The first completion counts. Later events do not change the result.
 * 8. A cancellation takes effect once, at its position in the journal. The calls in flight are withdrawn there and the guest
 *    may clean up for a bounded time. The execution ends as `cancelled`, whatever the cleanup returns.
 *
 * Deliberately not here: retries (each operation's own), source maps (the caller's), and killing a cancelled execution that
 * starts no further race (`objects/execution-object.ts`).
 */
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { HostLimits } from "../../domain/flow/host-limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import type { Failure } from "../../domain/outcome.ts";
import {
  cancellationGracePeriodEntry,
  cancelledEntry,
  clockEntry,
  gracePeriodEntry,
} from "../../journal/entry-names.ts";
import type { Guest, GuestContext, GuestLog, Settlement, Turn } from "../guest.ts";
import type { Journal, Pending } from "../journal.ts";
import { cancellationGraceMs, completionGraceMs, maxBodyBytesInFlight, maxRacingTimers } from "../limits.ts";
import type { AskingExecution, DatedOutcome, Operations } from "../operations/operation.ts";
import { atMost, createAdmission } from "./admission.ts";
import type { AdmittedCall, AdmittedTurn, Admission, Completion } from "./admission.ts";
import { readLogArguments } from "./log-arguments.ts";

export interface DriveOptions {
  readonly guest: Guest;
  readonly journal: Journal;
  readonly operations: Operations;
  readonly context: GuestContext;
  /** JSON. */
  readonly payload: Uint8Array;
  readonly limits: ExecutionLimits;
  /** The trace that its fetches continue, if they send `traceparent`. It is the same in every replay. */
  readonly traceparent?: string | undefined;
  /** The hosts whose queues its fetches pass. They are the same in every replay. */
  readonly hostLimits?: HostLimits | undefined;
  /** Receives every console line. A replay sends the same lines with the same numbers again. */
  readonly log: (line: LogLine) => void;
  /** Called when a result is delivered, also in a replay. `ok` is false if the call rejects in the guest. */
  readonly onSettled?: (operation: string, ok: boolean) => void;
}

export type DriveResult =
  | { readonly kind: "completed"; readonly value: JsonValue }
  /** `failure.stack` is the guest's own, in lines of the bundle. */
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly failure: Failure }
  | { readonly kind: "cancelled" };

/**
 * Runs an execution to its end. If the journal has entries already, the execution replays them and continues from there.
 *
 * @throws the journal's rejections and the guest's retryable errors: they end this attempt and not the execution
 */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const execution = startExecution(options);
  try {
    let progress = await start(execution);
    while (progress.kind === "waiting") {
      const event = await nextEvent(execution, { first: [execution.cancellation] });
      if (event.kind !== "settled") return await cancel(execution);
      progress = await settle(execution, event);
    }
    if (progress.kind === "returned") await drainEffects(execution);
    return progress.result;
  } finally {
    dropAll(execution);
  }
}

/** The state of an execution between two turns. */
interface Execution {
  readonly options: DriveOptions;
  readonly asking: AskingExecution;
  readonly admission: Admission;
  /** By id. Ids ascend, so their order is the order of the calls. */
  readonly inFlight: Map<number, CallInFlight>;
  readonly cancellation: Pending<JournalEvent>;
  /** The guest's clock: milliseconds since the Unix epoch. */
  clock: number;
  nextLogNumber: number;
  /** The bytes in its journal, computed from the turns and the delivered results so that a replay counts the same. */
  journalBytes: number;
}

interface CallInFlight {
  readonly operation: string;
  readonly pending: Pending<JournalEvent>;
  readonly isEffect: boolean;
  /** The end of a timer on the guest's clock. */
  readonly wakesAt: number | undefined;
  readonly bodyBytes: number;
}

type JournalEvent = Settled | { readonly kind: "cancelled" } | { readonly kind: "grace-over" };

interface Settled {
  readonly kind: "settled";
  readonly id: number;
  readonly outcome: DatedOutcome;
}

/** The state of the execution after a turn. After `broken`, the guest must not be entered again. */
type Progress =
  | { readonly kind: "waiting" }
  | { readonly kind: "returned" | "broken"; readonly result: DriveResult };

function startExecution(options: DriveOptions): Execution {
  return {
    options,
    asking: askingOf(options),
    admission: createAdmission(options.operations, options.limits),
    inFlight: new Map(),
    cancellation: options.journal.cancellation().map(() => ({ kind: "cancelled" })),
    clock: options.context.now,
    nextLogNumber: 0,
    journalBytes: 0,
  };
}

function askingOf({ context, limits, traceparent, hostLimits }: DriveOptions): AskingExecution {
  return {
    ...context,
    limits,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(hostLimits === undefined ? {} : { hostLimits }),
  };
}

async function start(execution: Execution): Promise<Progress> {
  const { guest, context, payload, limits } = execution.options;
  return await takeTurn(execution, async () => {
    atMost(payload.length, "bytes of payload", { payloadBytes: limits.payloadBytes });
    assertJournalCapacity(execution, payload.length);
    return await guest.run(context, payload);
  });
}

async function takeTurn(execution: Execution, enter: () => Promise<Turn>): Promise<Progress> {
  const turn = await enterGuest(execution, enter);
  if (turn instanceof DuraniumError) return broken(turn);
  for (const call of turn.calls) startCall(execution, call);
  return progressAfter(execution, turn.completion);
}

/** Runs one turn and validates it. Returns the terminal error that the guest caused, if there is one. */
async function enterGuest(
  execution: Execution,
  enter: () => Promise<Turn>,
): Promise<AdmittedTurn | DuraniumError> {
  try {
    const turn = await enter();
    for (const log of turn.logs) emitLog(execution, log);
    const admitted = execution.admission.admit(turn);
    for (const id of admitted.abandoned) await withdrawCall(execution, id);
    checkInFlight(execution, admitted.calls);
    assertJournalCapacity(execution, sum(admitted.calls, "argumentBytes"));
    return admitted;
  } catch (error) {
    if (error instanceof DuraniumError && !error.retryable) return error;
    throw error;
  }
}

function emitLog(execution: Execution, log: GuestLog): void {
  const { level } = log;
  const line = readLogArguments(log, execution.options.limits);
  execution.options.log({ number: execution.nextLogNumber, level, line, at: execution.clock });
  execution.nextLogNumber += 1;
}

async function withdrawCall({ inFlight }: Execution, id: number): Promise<void> {
  const call = inFlight.get(id);
  inFlight.delete(id);
  await call?.pending.withdraw();
}

function checkInFlight({ inFlight, options: { limits } }: Execution, calls: readonly AdmittedCall[]): void {
  const all = [...inFlight.values(), ...calls];
  atMost(all.length, "host calls at once", { callsInFlight: limits.callsInFlight });
  atMost(sum(all, "bodyBytes"), "bytes of bodies at once", { maxBodyBytesInFlight });
}

/** Counts journaled bytes. Request bodies are not journaled, and the results of withdrawn calls are never delivered. */
function assertJournalCapacity(execution: Execution, bytes: number): void {
  const { journalBytes } = execution.options.limits;
  execution.journalBytes += bytes;
  if (execution.journalBytes <= journalBytes) return;
  throw new DuraniumError("journal-full", `Journal exceeds ${journalBytes} bytes (journalBytes)`);
}

function sum<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((total, item) => total + item[key], 0);
}

function startCall(
  execution: Execution,
  { id, operation, start, durationMs, bodyBytes }: AdmittedCall,
): void {
  const pending = start(execution.options.journal, execution.clock, execution.asking);
  execution.inFlight.set(id, {
    operation: operation.name,
    pending: pending.map((outcome) => ({ kind: "settled", id, outcome })),
    isEffect: operation.isEffect,
    wakesAt: durationMs === undefined ? undefined : execution.clock + durationMs,
    bodyBytes,
  });
}

function progressAfter({ inFlight }: Execution, completion: Completion | undefined): Progress {
  if (completion !== undefined) return { kind: "returned", result: resultOf(completion) };
  if (inFlight.size > 0) return { kind: "waiting" };
  const stalled = new DuraniumError(
    "workflow-stalled",
    "Workflow awaits a promise that cannot settle: no fetch, sleep or timer is pending",
  );
  return broken(stalled);
}

function resultOf(completion: Completion): DriveResult {
  if (completion.ok) return { kind: "completed", value: completion.value };
  return { kind: "failed", code: "workflow-failed", failure: completion.failure };
}

function broken({ code, name, message }: DuraniumError): Progress {
  return { kind: "broken", result: { kind: "failed", code, failure: { name, message, code } } };
}

async function nextEvent(
  { inFlight, options }: Execution,
  { first = [], last = [] }: BesideCalls,
): Promise<JournalEvent> {
  const calls = racing([...inFlight.values()]).map(({ pending }) => pending);
  return await options.journal.race([...first, ...calls, ...last]);
}

/** The calls that can settle next, in call order: of many timers, only those that wake first. */
function racing(calls: readonly CallInFlight[]): readonly CallInFlight[] {
  if (calls.length <= maxRacingTimers) return calls;
  const timers = calls.filter(({ wakesAt }) => wakesAt !== undefined);
  if (timers.length <= maxRacingTimers) return calls;
  const byTime = timers.toSorted((one, other) => (one.wakesAt ?? 0) - (other.wakesAt ?? 0));
  const later = new Set(byTime.slice(maxRacingTimers));
  return calls.filter((call) => !later.has(call));
}

/** What takes part in a race in addition to the calls. */
interface BesideCalls {
  readonly first?: readonly Pending<JournalEvent>[];
  readonly last?: readonly Pending<JournalEvent>[];
}

async function settle(execution: Execution, { id, outcome }: Settled): Promise<Progress> {
  const operation = execution.inFlight.get(id)?.operation;
  execution.inFlight.delete(id);
  if (operation !== undefined) execution.options.onSettled?.(operation, outcome.ok);
  moveClock(execution, outcome.now ?? (await readClock(execution, clockEntry)));
  const settlement = settlementOf(id, execution.clock, outcome);
  return await takeTurn(execution, async () => {
    assertJournalCapacity(execution, settlement.outcome.length + settlement.body.length);
    return await execution.options.guest.settle(settlement);
  });
}

async function readClock({ options: { journal } }: Execution, name: string): Promise<number> {
  return await journal.race([journal.clock(name)]);
}

function moveClock(execution: Execution, now: number): void {
  execution.clock = Math.max(execution.clock, now);
}

function settlementOf(id: number, now: number, outcome: DatedOutcome): Settlement {
  const { ok } = outcome;
  const json = JSON.stringify(ok ? { ok, value: outcome.value } : { ok, error: outcome.error });
  const body = (ok ? outcome.body : undefined) ?? new Uint8Array();
  return { id, now, outcome: new TextEncoder().encode(json), body };
}

/**
 * Completes the effects that the workflow did not await: a `fetch` without `await`, or the losers of a `Promise.race`. The
 * guest receives their results as before, and its further calls are made, until no effect is pending or the grace period
 * has ended. Timers alone do not keep the execution open, and a cancellation ends the grace period. The workflow's result
 * does not change.
 */
async function drainEffects(execution: Execution): Promise<void> {
  if (!hasEffects(execution)) return;
  const beside = {
    first: [execution.cancellation],
    last: [startGrace(execution, gracePeriodEntry, completionGraceMs)],
  };
  while (hasEffects(execution)) {
    const event = await nextEvent(execution, beside);
    if (event.kind !== "settled") return;
    const progress = await settle(execution, event);
    if (progress.kind === "broken") return;
  }
}

function startGrace({ options }: Execution, name: string, durationMs: number): Pending<JournalEvent> {
  return options.journal.sleep(name, durationMs).map(() => ({ kind: "grace-over" }));
}

/**
 * Withdraws the pending calls, notifies the guest, and makes the calls of its cleanup for a bounded time. The result of the
 * cleanup is ignored.
 */
async function cancel(execution: Execution): Promise<DriveResult> {
  const { guest } = execution.options;
  for (const id of execution.inFlight.keys()) await withdrawCall(execution, id);
  moveClock(execution, await readClock(execution, cancelledEntry));
  const progress = await takeTurn(execution, () => guest.cancel(execution.clock));
  if (progress.kind !== "broken") await runCleanup(execution, progress);
  return { kind: "cancelled" };
}

async function runCleanup(execution: Execution, first: Progress): Promise<void> {
  let hasReturned = first.kind === "returned";
  const last: Pending<JournalEvent>[] = [];
  while (hasReturned ? hasEffects(execution) : execution.inFlight.size > 0) {
    if (last.length === 0)
      last.push(startGrace(execution, cancellationGracePeriodEntry, cancellationGraceMs));
    const event = await nextEvent(execution, { last });
    if (event.kind !== "settled") return;
    const progress = await settle(execution, event);
    if (progress.kind === "broken") return;
    hasReturned ||= progress.kind === "returned";
  }
}

function hasEffects({ inFlight }: Execution): boolean {
  return Array.from(inFlight.values()).some(({ isEffect }) => isEffect);
}

function dropAll({ inFlight }: Execution): void {
  for (const { pending } of inFlight.values()) pending.drop();
}
