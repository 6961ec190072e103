import { signalAwaited } from "../journal/signals.ts";
import type { RecordedChange } from "../preview/contract/recorded-run.ts";
import type { RecordedCall, Recording } from "../recordings/recording.ts";
import type { ExperimentChange, ExperimentKind } from "./experiment.ts";

/** One run of an experiment. */
export interface PlannedRow {
  readonly call: number;
  readonly name: string;
  readonly change: ExperimentChange;
  readonly recorded: RecordedChange;
}

export function planRows(
  recording: Recording,
  { kind, downtimeMs }: { readonly kind: ExperimentKind; readonly downtimeMs: number },
): readonly PlannedRow[] {
  const changesOf = kind === "fail-each-call" ? failuresOf(recording) : crashesOf(recording, downtimeMs);
  return [...recording.calls.entries()].flatMap(([number, call]) =>
    changesOf(call, number).map(([change, recorded]) => ({
      call: number,
      name: call.name,
      change,
      recorded,
    })),
  );
}

type Changes = readonly (readonly [ExperimentChange, RecordedChange])[];

/** Only calls that can fail: timers, state and sends cannot. */
function failuresOf({ signals }: Recording): (call: RecordedCall, number: number) => Changes {
  const arrived = new Set(signals.map(({ name }) => name));
  return ({ name, operation }, call) => {
    const signal = signalAwaited(name);
    if (signal !== undefined) {
      return arrived.has(signal) ? [["no-event", { signal, isMissing: true }]] : [];
    }
    if (name.endsWith(" (refused)")) return [];
    if (operation === "call") return [["workflow-failure", { call, answer: { error: childFailure } }]];
    if (operation !== "fetch") return [];
    return [
      ["http-500", { call, answer: { response: serverError } }],
      ["network-failure", { call, answer: { failure: "network" } }],
    ];
  };
}

/** What servers return that fail unexpectedly. */
const serverError = {
  status: 500,
  headers: [["content-type", "text/plain"]],
  body: "Internal Server Error",
} as const;

const childFailure = {
  name: "Error",
  message: "The called workflow failed (experiment)",
  code: "workflow-failed",
};

/** Steps whose result arrived: at that moment, the state of the journal changes. */
function crashesOf(
  { arrivals, signals }: Recording,
  downtimeMs: number,
): (call: RecordedCall, number: number) => Changes {
  const arrived = new Set(arrivals.flatMap((arrival) => ("call" in arrival ? [arrival.call] : [])));
  const signalled = new Set(signals.map(({ name }) => name));
  return ({ name, operation }, number) => {
    const signal = signalAwaited(name);
    if (signal === undefined ? !arrived.has(number) : !signalled.has(signal)) return [];
    const crash = { crashAt: number, downtimeMs };
    const after = ["crash-after-stored", { ...crash, isStored: true }] as const;
    if (!runsInProcess.has(operation)) return [after];
    return [["crash-before-stored", { ...crash, isStored: false }], after];
  };
}

/** Other steps happen in Restate or in other executions, which are not repeated. */
const runsInProcess: ReadonlySet<string> = new Set(["fetch", "hmac"]);
