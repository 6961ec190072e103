import type { MockedFetch } from "../preview/contract/mock-response.ts";
import type { PreviewedWorkflow, PreviewState } from "../preview/contract/preview.ts";
import type { RecordedChange } from "../preview/contract/recorded-run.ts";
import type { CallSite, Recording } from "../recordings/recording.ts";
import { defaultDowntimeMs, maxExperimentRows } from "./experiment.ts";
import type { ExperimentKind, ExperimentReport, ExperimentRow } from "./experiment.ts";
import { planRows } from "./plan.ts";
import type { PlannedRow } from "./plan.ts";
import { repeatedEffects } from "./repeats.ts";
import type { ObservedRun } from "./repeats.ts";
import { controlRun, rowEnd } from "./row-outcome.ts";

export interface ExperimentOptions {
  readonly workflow: PreviewedWorkflow;
  readonly recording: Recording;
  readonly kind: ExperimentKind;
  /** Answers to requests that the recording does not have. */
  readonly answers?: readonly MockedFetch[];
  /** The time for which the process does not run after a crash. Defaults to `defaultDowntimeMs`. */
  readonly downtimeMs?: number;
  /** Ends the experiment after the current row. */
  readonly signal?: AbortSignal;
  /** Called with each row as soon as it is known, and how many rows there will be. */
  readonly onRow?: (row: ExperimentRow, total: number) => void;
}

/** How long one row may compute. */
const rowTimeoutMs = 10_000;

/**
 * Runs a workflow on a recording once for each thing that can go wrong, sequentially.
 *
 * A fetch that fails has failed for good: the attempts of its `retry` are made on the virtual clock, and all of them fail. What a
 * single lost attempt does is known, since the next one succeeds. The recorded answer is used when the workflow itself asks again.
 *
 * @throws {DuraniumError} as a preview
 */
export async function runExperiment(options: ExperimentOptions): Promise<ExperimentReport> {
  const { recording, kind, downtimeMs = defaultDowntimeMs, signal, onRow } = options;
  const planned = planRows(recording, { kind, downtimeMs });
  const control = await observe(options, []);
  const rows: ExperimentRow[] = [];
  const places = placesIn(control);
  const tried = planned.slice(0, maxExperimentRows);
  for (const each of tried) {
    if (signal?.aborted === true) break;
    const row = rowOf(each, { control, run: await observe(options, [each.recorded]), places });
    rows.push(row);
    onRow?.(row, tried.length);
  }
  return {
    kind,
    executionId: recording.executionId,
    control: controlRun(control.state, recording),
    rows,
    leftOut: planned.length - tried.length,
    isCancelled: rows.length < tried.length,
  };
}

interface Observed extends ObservedRun {
  /** Undefined if the run did not end in time. */
  readonly state: PreviewState | undefined;
}

/** A run with call sites uses more fuel, so one that runs out of it is repeated without. */
async function observe(options: ExperimentOptions, changes: readonly RecordedChange[]): Promise<Observed> {
  const traced = await runOnce(options, changes, true);
  return traced.state?.failure?.code === "out-of-fuel" ? await runOnce(options, changes, false) : traced;
}

async function runOnce(
  { workflow, recording, answers = [] }: ExperimentOptions,
  changes: readonly RecordedChange[],
  hasCallSites: boolean,
): Promise<Observed> {
  using run = await workflow.run({
    workflowId: recording.workflowId,
    payload: recording.payload,
    network: "off",
    clock: "skip",
    answers,
    hasCallSites,
    recorded: { recording, changes, isUnattended: true },
  });
  const { promise, resolve } = Promise.withResolvers<PreviewState | undefined>();
  const timer = setTimeout(() => resolve(undefined), rowTimeoutMs);
  run.subscribe((state) => {
    if (state.status === "waiting") resolve(state);
  });
  const state = await Promise.race([promise, run.ended]).finally(() => clearTimeout(timer));
  return { state, steps: run.state.steps, calls: run.recording().calls };
}

/** By the numbers of the recorded calls. */
function placesIn({ steps }: Observed): ReadonlyMap<number, CallSite> {
  const places = new Map<number, CallSite>();
  for (const { recorded, place } of steps) {
    if (recorded !== undefined && place !== undefined) places.set(recorded.call, place);
  }
  return places;
}

function rowOf(
  { call, name, change }: PlannedRow,
  {
    control,
    run,
    places,
  }: {
    readonly control: Observed;
    readonly run: Observed;
    readonly places: ReadonlyMap<number, CallSite>;
  },
): ExperimentRow {
  const { steps, state } = run;
  const place = places.get(call);
  const attempts = steps.find(({ recorded }) => recorded?.isChanged === true)?.attempts;
  const assumed = steps.filter(({ recorded }) => recorded !== undefined && recorded.match !== "same");
  return {
    call,
    name,
    ...(place === undefined ? {} : { place }),
    change,
    ...rowEnd(control.state, state),
    repeats: repeatedEffects(control, run),
    ...(attempts === undefined ? {} : { attempts }),
    delayMs: state === undefined ? 0 : timeOf(state) - timeOf(control.state ?? state),
    assumed: [...new Set(assumed.map((step) => step.name))],
  };
}

function timeOf({ now }: PreviewState): number {
  return Date.parse(now);
}
