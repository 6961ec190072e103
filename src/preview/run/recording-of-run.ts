import { toHex } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { GuestContext } from "../../host/guest.ts";
import { cancelledEntry, clockEntry } from "../../journal/entry-names.ts";
import { signalAwaited } from "../../journal/signals.ts";
import { recordingFormat } from "../../recordings/recording.ts";
import type { Arrival, RecordedCall, Recording } from "../../recordings/recording.ts";
import { callSitesOf } from "../../replay/call-sites.ts";
import type { SourceMapper } from "../../replay/replayed-version.ts";
import type { PreviewState } from "../contract/preview.ts";
import type { EntryResult, JournalEntry } from "./journal-record.ts";
import type { MemoryJournal } from "./memory-journal.ts";

export interface RecordedRunParts {
  readonly context: GuestContext;
  readonly payload: JsonValue;
  readonly limits: ExecutionLimits;
  readonly journal: Pick<MemoryJournal, "entries" | "delivered">;
  readonly state: PreviewState;
  readonly mapper: SourceMapper;
}

/** A run in memory as a recording, like that of an execution. */
export function recordingOfRun({
  context,
  payload,
  limits,
  journal,
  state,
  mapper,
}: RecordedRunParts): Recording {
  const { workflowId, version, executionId, seed, now, callbackUrl, entryPoint, schedule } = context;
  const made = journal.entries.filter(({ call }) => call !== undefined);
  const numbers = new Map(made.map((entry, number) => [entry, number]));
  return {
    format: recordingFormat,
    workflowId,
    version,
    executionId,
    recordedAt: Date.parse(state.now),
    start: {
      executionId,
      seed: toHex(seed),
      now,
      callbackUrl,
      ...(entryPoint === undefined ? {} : { entryPoint }),
      ...(schedule === undefined ? {} : { schedule }),
      limits: changedLimits(limits),
    },
    payload,
    calls: made.map((entry) => recordedCall(entry, mapper)),
    signals: signalsOf(made),
    arrivals: arrivalsOf(journal.delivered, numbers),
    logs: state.logs.map(({ number, level, arguments: line }) => ({ number, level, line })),
    ...outcomeOf(state),
    fuelUsed: state.fuelUsed,
  };
}

function changedLimits(limits: ExecutionLimits): Partial<ExecutionLimits> {
  const names = Object.keys(limits) as (keyof ExecutionLimits)[];
  return Object.fromEntries(
    names.filter((name) => limits[name] !== defaultExecutionLimits[name]).map((name) => [name, limits[name]]),
  );
}

function recordedCall(
  { name, call, turn, isCall, result }: JournalEntry,
  mapper: SourceMapper,
): RecordedCall {
  const { operation = name, arguments: given = null, body, stack = "" } = call ?? {};
  const sites = callSitesOf(stack, mapper);
  const value = result === undefined ? undefined : resultOf(result, isCall && operation !== "send");
  return {
    name,
    operation,
    arguments: given,
    ...(body === undefined ? {} : { body }),
    ...(sites.length === 0 ? {} : { stack: sites }),
    turn,
    ...(value === undefined || signalAwaited(name) !== undefined ? {} : { result: { value } }),
  };
}

/** The result in the form that a journal has: the outcome of a call, null for a timer. */
function resultOf({ value = null, failure }: EntryResult, isOfCall: boolean): JsonValue {
  if (failure !== undefined) return { ok: false, error: { ...failure } as unknown as JsonValue };
  return isOfCall ? { ok: true, value } : value;
}

function signalsOf(made: readonly JournalEntry[]): Recording["signals"] {
  const signals = new Map<string, Recording["signals"][number]>();
  for (const { signal, result } of made) {
    const { ok, ...posted } = Object(result?.value) as { readonly ok?: boolean };
    if (signal !== undefined && ok === true) signals.set(signal, { name: signal, result: { value: posted } });
  }
  return [...signals.values()];
}

/** In the order of delivery, in which a replay can deliver them again. */
function arrivalsOf(
  delivered: readonly JournalEntry[],
  numbers: ReadonlyMap<JournalEntry, number>,
): Arrival[] {
  let last: number | undefined;
  const arrivals = delivered.map((entry): Arrival => {
    const { name, signal, result } = entry;
    if (name === clockEntry) {
      return { clock: Number(result?.value), ...(last === undefined ? {} : { after: last }) };
    }
    if (name === cancelledEntry) return { cancelledAt: Number(result?.value) };
    if (name === "cancellation") return { cancellation: true };
    last = numbers.get(entry);
    if (signal !== undefined) return { signal };
    return last === undefined ? { timer: name } : { call: last };
  });
  return [{ barrier: "started" }, ...arrivals];
}

function outcomeOf({ status, result, failure }: PreviewState): Pick<Recording, "outcome"> {
  if (status === "completed") return { outcome: { kind: "completed", result: result ?? null } };
  if (status === "cancelled") return { outcome: { kind: "cancelled" } };
  return status === "failed" && failure !== undefined ? { outcome: { kind: "failed", failure } } : {};
}
