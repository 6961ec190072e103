import { cancelledEntry, clockEntry, startEntry } from "../../journal/entry-names.ts";
import { isStartSlotSignal, parseSignal, signalAwaited } from "../../journal/signals.ts";
import { operationOf } from "../../journal/steps.ts";
import type { Arrival, RecordedCall, RecordedResult, Recording } from "../../recordings/recording.ts";
import type { JournalEntry, OperationEntry, ResultEntry, SignalEntry } from "../journal-entries.ts";
import { commandsOf, driverSteps, setupEntries } from "../timeline.ts";
import { createResultReader } from "./recorded-results.ts";
import { reusedIn } from "./reused-arrivals.ts";
import { readSlotArrivals } from "./slot-arrivals.ts";
import type { SlotArrivals } from "./slot-arrivals.ts";

/**
 * Reads the calls of a workflow from the entries of its journal, and what arrived for them in which order.
 *
 * The commands of the driver itself are not calls: the readings of its clock and the ends of its grace periods are arrivals.
 *
 * @param isCancelling true if the execution cancelled others
 */
export function readArrivals(
  entries: readonly JournalEntry[],
  { isCancelling }: { readonly isCancelling: boolean },
): Pick<Recording, "calls" | "signals" | "arrivals"> {
  const commands = commandsOf(operationsIn(entries));
  const made = commands.filter(({ name }) => name !== clockEntry && !driverSteps.has(name));
  const reader = createArrivalReader({ entries, commands, made, isCancelling });
  const startedAt = startedIndex(entries);
  const { returns } = reader.slots;
  const arrivals: Arrival[] = [];
  for (const entry of entries) {
    const arrival = reader.read(entry);
    if (arrival !== undefined) arrivals.push(arrival);
    if (returns.has(entry)) arrivals.push({ barrier: "slots" });
    if ("index" in entry && entry.index === startedAt) arrivals.push({ barrier: "started" });
  }
  return {
    calls: made.map((entry): RecordedCall => {
      const { name } = entry;
      const result = reader.results.get(entry);
      return { name, operation: operationOf(name), ...(result === undefined ? {} : { result }) };
    }),
    signals: [...reader.signals.values()],
    arrivals,
  };
}

interface Commands {
  readonly entries: readonly JournalEntry[];
  /** Of the driver. */
  readonly commands: readonly OperationEntry[];
  /** The calls of the workflow among them. */
  readonly made: readonly OperationEntry[];
}

function indexed({ entries, commands, made }: Commands) {
  return {
    byCompletion: new Map(operationsIn(entries).map((entry) => [entry.completionId, entry])),
    byInvocation: new Map(made.map((entry, number) => [entry.invocationCompletionId, number])),
    numbers: new Map(made.map((entry, number) => [entry, number])),
    places: new Map(commands.map((entry, number) => [entry, number])),
  };
}

interface ArrivalReader {
  read(entry: JournalEntry): Arrival | undefined;
  readonly slots: SlotArrivals;
  readonly results: ReadonlyMap<OperationEntry, RecordedResult>;
  readonly signals: ReadonlyMap<string, Recording["signals"][number]>;
}

function createArrivalReader({
  entries,
  commands,
  made,
  isCancelling,
}: Commands & { readonly isCancelling: boolean }): ArrivalReader {
  const { byCompletion, byInvocation, numbers, places } = indexed({ entries, commands, made });
  const marked = reusedIn(entries, commands);
  const slots = readSlotArrivals(entries);
  const readResult = createResultReader();
  const results = new Map<OperationEntry, RecordedResult>();
  const signals = new Map<string, Recording["signals"][number]>();

  function resultArrival(entry: ResultEntry): Arrival | undefined {
    const command = byCompletion.get(entry.completionId);
    if (command === undefined) {
      // The execution waits for the ID of the invocation only when it cancels the call.
      const call = isCancelling ? byInvocation.get(entry.completionId) : undefined;
      return call === undefined ? undefined : { invocation: call };
    }
    const place = places.get(command);
    const arrival = place === undefined ? undefined : arrivalOf(command, entry);
    if (place === undefined || arrival === undefined) return undefined;
    const signal = "signal" in arrival ? [arrival.signal] : [];
    return marked({ arrival, sources: [place, ...signal], commandIndex: command.index });
  }

  function arrivalOf(command: OperationEntry, entry: ResultEntry): Arrival | undefined {
    const { name } = command;
    if (name === clockEntry || driverSteps.has(name)) return driversArrival(name, entry);
    // A retry from the failed step has the input of a reused wait as the result of the command.
    const signal = signalAwaited(name);
    if (signal !== undefined) return signalArrival(signal, entry);
    results.set(command, readResult(entry));
    return { call: numbers.get(command) ?? 0 };
  }

  function signalArrival(name: string, entry: ResultEntry | SignalEntry): Arrival | undefined {
    if (signals.has(name)) return undefined;
    signals.set(name, { name, result: withoutOk(readResult(entry)) });
    return { signal: name };
  }

  function read(entry: JournalEntry): Arrival | undefined {
    if (entry.kind === "cancellation") return { cancellation: true };
    if (entry.kind === "result") return resultArrival(entry);
    if (entry.kind !== "signal") return undefined;
    if (parseSignal(entry.name) !== undefined) return signalArrival(entry.name, entry);
    const fetch = slots.fetches.get(entry.name);
    const call = fetch === undefined ? undefined : numbers.get(fetch);
    return call === undefined ? undefined : { slot: call };
  }

  return { read, slots, results, signals };
}

function driversArrival(name: string, { value }: ResultEntry): Arrival {
  if (name === clockEntry) return { clock: Number(value) };
  return name === cancelledEntry ? { cancelledAt: Number(value) } : { timer: name };
}

function operationsIn(entries: readonly JournalEntry[]): readonly OperationEntry[] {
  return entries.filter((entry) => entry.kind === "operation");
}

/** Removes `ok`, which the read model adds to a signal so that it has the form of other steps. */
function withoutOk(result: RecordedResult): RecordedResult {
  if ("omitted" in result || typeof result.value !== "object" || result.value === null) return result;
  const { ok: _ok, ...posted } = result.value as { readonly ok?: unknown };
  return { value: posted };
}

/** The index of the last result that the execution waited for before it ran. */
function startedIndex(entries: readonly JournalEntry[]): number | undefined {
  const setup = new Set(
    operationsIn(entries)
      .filter(isSetup)
      .map(({ completionId }) => completionId),
  );
  const awaited = entries.filter(
    (entry): entry is ResultEntry | SignalEntry =>
      (entry.kind === "result" && setup.has(entry.completionId)) ||
      (entry.kind === "signal" && isStartSlotSignal(entry.name) && grantsStart(entry)),
  );
  return awaited.at(-1)?.index;
}

function isSetup({ name }: OperationEntry): boolean {
  return name === startEntry || setupEntries.has(name);
}

function grantsStart({ value }: SignalEntry): boolean {
  const answer = (value as { readonly value?: { readonly starts?: unknown } } | undefined)?.value;
  return answer?.starts === true;
}
