/**
 * The driver: a foreign event loop on the journal.
 *
 * It runs one execution. The guest runs until its microtasks are drained and registers host calls; each
 * becomes one command of the journal; whichever result the journal delivers first is settled in the guest;
 * and so on until the workflow has returned.
 *
 * It owns the execution's calls in flight and its copy of the guest's clock. It does not own the guest (the
 * caller disposes it), nor does it know of Restate, of WebAssembly or of any one operation.
 *
 * Invariants:
 *
 * 1. Everything that is asked of the journal follows from the context, the payload and the results that the
 *    journal delivered before. The driver reads no clock, draws no random number, and waits for nothing but
 *    the guest's turns and `journal.race`.
 * 2. A host call becomes exactly one command, in the order of the calls; one that is taken back in the turn
 *    in which it was made becomes none.
 * 3. At most one race is awaited at a time, over everything outstanding: the cancellation, then the calls
 *    in call order, then a grace; or over a reading of the clock alone. It delivers one result, and a
 *    delivered or abandoned call is in no later race. Of many timers, those that wake first take part.
 * 4. The guest's clock never goes back, and moves only when a result is delivered.
 * 5. Nothing that a guest does throws out of here: breaking the protocol, meeting a limit or trapping ends
 *    the execution as `failed`. What does throw is infrastructure, and the attempt can be made again.
 * 6. A turn that breaks the protocol leaves no command behind.
 * 7. The first completion counts. What happens after it changes the result no more.
 * 8. A cancellation takes effect once, at its place in the journal. The calls in flight are dropped there, the
 *    guest may clean up for a bounded time, and whatever comes of it, the execution ends as `cancelled`.
 *
 * Deliberately not here: retries of operations (theirs to do), source maps (the caller's), and ending a
 * cancelled execution that never comes to its next race (the service's).
 */
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import {
  cancellationGraceMs,
  completionGraceMs,
  maxBodyBytesInFlight,
  maxRacingTimers,
} from "../../domain/limits.ts";
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
  /** What its fetches continue, where they are to send a `traceparent`; the same on every replay. */
  readonly traceparent?: string | undefined;
  /** Takes every line of the console; on a replay the same ones, with the same numbers, again. */
  readonly log: (line: LogLine) => void;
  /** Called when a result is delivered, on a replay as well; `ok` where the guest sees no rejection. */
  readonly onSettled?: (operation: string, ok: boolean) => void;
}

export type DriveResult =
  | { readonly kind: "completed"; readonly value: JsonValue }
  /** `failure.stack` is the guest's own, in lines of the bundle. */
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly failure: Failure }
  | { readonly kind: "cancelled" };

/**
 * Runs an execution to its end, or replays it as far as the journal goes and on from there.
 *
 * @throws whatever the journal rejects with, and what retryable errors the guest rejects with: this attempt
 *   is over, the execution is not
 */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const execution = startExecution(options);
  try {
    let progress = await begin(execution);
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

/** What the driver remembers of an execution between two turns. */
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
  /** What it has put into its journal. It follows from the turns and the results that were delivered. */
  journalBytes: number;
}

interface CallInFlight {
  readonly operation: string;
  readonly pending: Pending<JournalEvent>;
  readonly isEffect: boolean;
  /** Of a timer: when it is over by the guest's clock. */
  readonly wakesAt: number | undefined;
  readonly bodyBytes: number;
}

type JournalEvent = Settled | { readonly kind: "cancelled" } | { readonly kind: "grace-over" };

interface Settled {
  readonly kind: "settled";
  readonly id: number;
  readonly outcome: DatedOutcome;
}

/** Where the execution stands after a turn. After `broken`, the guest must not be entered again. */
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

function askingOf({ context, limits, traceparent }: DriveOptions): AskingExecution {
  return { ...context, limits, ...(traceparent === undefined ? {} : { traceparent }) };
}

async function begin(execution: Execution): Promise<Progress> {
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

/** What the guest did, or the terminal error that it met or made. */
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

/** Bodies of requests are no part of a journal, and what becomes of calls that were taken back is not known here. */
function assertJournalCapacity(execution: Execution, bytes: number): void {
  const { journalBytes } = execution.options.limits;
  execution.journalBytes += bytes;
  if (execution.journalBytes <= journalBytes) return;
  throw new DuraniumError(
    "journal-full",
    `The execution has put more than ${journalBytes} bytes into its journal (journalBytes)`,
  );
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
    "The workflow waits for a promise that nothing can settle: it has not returned, and no fetch, sleep or timer is outstanding",
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

/** Those that can be over next, in call order. */
function racing(calls: readonly CallInFlight[]): readonly CallInFlight[] {
  if (calls.length <= maxRacingTimers) return calls;
  const timers = calls.filter(({ wakesAt }) => wakesAt !== undefined);
  if (timers.length <= maxRacingTimers) return calls;
  const byTime = timers.toSorted((one, other) => (one.wakesAt ?? 0) - (other.wakesAt ?? 0));
  const later = new Set(byTime.slice(maxRacingTimers));
  return calls.filter((call) => !later.has(call));
}

/** What else takes part in a race. */
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
 * Lets the effects that the workflow did not wait for come to an end: a `fetch` without `await`, the losers
 * of a `Promise.race`. Their results go to the guest as before, and what it asks for then is done as well,
 * until no effect is outstanding or the time is over. Timers alone hold nothing open, a cancellation ends
 * it, and the workflow's result stands whatever comes.
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
 * Takes back what is outstanding, tells the guest, and answers for a bounded time what it asks for then.
 * What it returns or throws is not looked at.
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
