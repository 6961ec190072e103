import type { JsonValue } from "#base/json.ts";
import type { EngineLanguage } from "#domain/engines/language.ts";
import type { ExperimentKind, ExperimentReport, ExperimentRow } from "#experiments/experiment.ts";
import type { MockedFetch } from "#preview/contract/mock-response.ts";
import type {
  Answer,
  ClockMode,
  PreviewEngine,
  PreviewLogLine,
  PreviewProgress,
  PreviewRequest,
  PreviewSource,
  PreviewState,
  PreviewStep,
} from "#preview/contract/preview.ts";
import type { Recording } from "#recordings/recording.ts";

/** The messages between the web UI and its preview worker. The web UI numbers the runs. */

export type ToPreviewWorker =
  /** The first message, without a response. */
  | { readonly kind: "prepare"; readonly modules: Modules }
  | {
      readonly kind: "run";
      readonly run: number;
      readonly source: PreviewSource;
      readonly request: PreviewRequest;
    }
  /** Answered with `done`. */
  | { readonly kind: "act"; readonly run: number; readonly call: number; readonly action: Action }
  /** Answered with `done`, and the values. */
  | { readonly kind: "read-state"; readonly call: number; readonly workflowId: string }
  | { readonly kind: "clear-state"; readonly call: number; readonly workflowId: string }
  /** Answered with rows, and then with the report or why it failed. Ends the previous experiment. */
  | {
      readonly kind: "experiment";
      readonly experiment: number;
      readonly source: PreviewSource;
      readonly options: ExperimentSettings;
      /** Defaults to that of the current run. */
      readonly recording?: Recording;
    }
  | { readonly kind: "stop-experiment" }
  /** Answered with `done`, and the recording. */
  | { readonly kind: "record"; readonly run: number; readonly call: number }
  /** Answered with `done`, and `items`. */
  | {
      readonly kind: "replay";
      readonly call: number;
      readonly source: PreviewSource;
      readonly recordings: readonly string[];
    };

export interface ExperimentSettings {
  readonly kind: ExperimentKind;
  readonly answers: readonly MockedFetch[];
}

/** The compiled modules of a worker. */
export interface Modules {
  readonly language: EngineLanguage;
  readonly engine: PreviewEngine;
  /** Of JavaScript. */
  readonly compiler?: WebAssembly.Module;
}

export type Action =
  | { readonly kind: "set-clock"; readonly mode: ClockMode }
  | { readonly kind: "advance"; readonly milliseconds: number }
  | { readonly kind: "advance-to-next" }
  | { readonly kind: "send-event"; readonly name: string; readonly payload: JsonValue }
  | { readonly kind: "complete-callback"; readonly callback: number | string; readonly payload: JsonValue }
  | { readonly kind: "answer"; readonly step: number; readonly answer: Answer }
  | { readonly kind: "cancel" }
  | { readonly kind: "dispose" };

export type FromPreviewWorker =
  | {
      readonly kind: "progress";
      readonly run: number;
      readonly progress: Exclude<PreviewProgress, { readonly phase: "started" }>;
    }
  | { readonly kind: "changed"; readonly run: number; readonly change: StateChange }
  | { readonly kind: "done"; readonly call: number; readonly value?: Readonly<Record<string, JsonValue>> }
  | { readonly kind: "refused"; readonly call: number; readonly why: string }
  | ExperimentReply;

/** The experiment is named by its number. */
export type ExperimentReply =
  | {
      readonly kind: "experiment-row";
      readonly experiment: number;
      readonly row: ExperimentRow;
      readonly total: number;
    }
  | { readonly kind: "experiment-done"; readonly experiment: number; readonly report: ExperimentReport }
  | { readonly kind: "experiment-failed"; readonly experiment: number; readonly why: string };

/** A change of the state, without the parts that were already sent, because a long run has thousands of steps and lines. */
export interface StateChange extends Omit<PreviewState, "steps" | "logs" | "recorded"> {
  /** New and changed steps, each with its index. */
  readonly steps: readonly (readonly [place: number, step: PreviewStep])[];
  /** New lines. */
  readonly logs: readonly PreviewLogLine[];
  readonly recorded: readonly MockedFetch[];
}

export function changeBetween(before: PreviewState | undefined, after: PreviewState): StateChange {
  const { steps, logs, recorded } = after;
  return {
    ...after,
    steps: Array.from(steps.entries()).filter(([place, step]) => before?.steps[place] !== step),
    logs: logs.slice(before?.logs.length ?? 0),
    recorded: recorded.slice(before?.recorded.length ?? 0),
  };
}

export function changed(before: PreviewState | undefined, change: StateChange): PreviewState {
  const steps = [...(before?.steps ?? [])];
  for (const [place, step] of change.steps) steps[place] = step;
  return {
    ...change,
    steps: change.steps.length === 0 && before !== undefined ? before.steps : steps,
    logs: appended(before?.logs, change.logs),
    recorded: appended(before?.recorded, change.recorded),
  };
}

function appended<T>(before: readonly T[] = [], more: readonly T[]): readonly T[] {
  return more.length === 0 ? before : [...before, ...more];
}
