import { useMemo, useState } from "react";
import { languageOf } from "#domain/engines/language.ts";
import type { ExperimentKind } from "#experiments/experiment.ts";
import type { PreviewProgress } from "#preview/contract/preview.ts";
import type { Recording } from "#recordings/recording.ts";
import type { Draft } from "../../drafts/draft.ts";
import { firstInput, inputFor } from "../../model/first-input.ts";
import { parsePayload, type RunInput, whyNotEntryPoint } from "../../model/run-input.ts";
import { useRunInput } from "../payload/use-run-input.ts";
import { type PreviewOptions, usualOptions } from "../preview/preview-options.ts";
import { type PreviewRuns, usePreview } from "../preview/use-preview.ts";
import { type RecordedInput, useRecordedInput } from "../recorded/use-recorded-input.ts";
import { type EditorProblem, placesOf, problemsOf, stillHolding } from "../problems/problems.ts";

export type PanelTab = "preview" | "execute" | "what-if" | "cases" | "check" | "packages" | "problems";

/** The state of the results: the input of runs, the preview, and what is shown. */
export interface Runs extends Omit<PreviewRuns, "run"> {
  readonly input: ReturnType<typeof useRunInput>;
  readonly options: PreviewOptions;
  readonly setOptions: (options: PreviewOptions) => void;
  readonly tab: PanelTab;
  readonly setTab: (tab: PanelTab) => void;
  /** The recording on which previews run, if there is one. */
  readonly recorded: RecordedInput | undefined;
  /** Why running is disabled, as a sentence. */
  readonly refusal: string | undefined;
  /** Starts a preview and shows it. */
  readonly preview: () => void;
  /** Repeats the last preview, or the recording, with one failure at a time. */
  readonly startExperiment: (kind: ExperimentKind) => void;
  /** Problems of the last preview, while their files are unchanged. */
  readonly problems: readonly EditorProblem[];
}

export function useRuns(workflowId: string, draft: Draft, recording: Recording | undefined): Runs {
  const input = useRunInput(workflowId, recording);
  const recorded = useRecordedInput({ workflowId, recording, onStop: () => setOptions(usualOptions) });
  const { session, progress, run, replay, experiment } = usePreview();
  const [first] = useState(() => firstInput(workflowId));
  const [options, setOptions] = useState<PreviewOptions>({
    ...usualOptions,
    // Data of a real execution must not be sent by accident.
    ...(recording === undefined ? { answers: first.preview.answers } : { network: "off" }),
  });
  const [tab, choose] = useState<PanelTab>("preview");
  const setTab = (next: PanelTab) => {
    choose(next);
    if (next === "preview" || next === "execute") input.setInput(inputFor(next, input.input, first));
  };
  const [sent, setSent] = useState<Draft>();
  const refusal = languageOf(draft) === "wasm" ? moduleRefusal : refusalOf(input.input);
  const preview = () => {
    const payload = parsePayload(inputFor("preview", input.input, first).payload);
    setTab("preview");
    if (!payload.ok || refusal !== undefined) return;
    const { entryPoint } = input.input;
    input.remember();
    setSent(draft);
    run(draft, {
      workflowId,
      payload: payload.value,
      ...options,
      ...(entryPoint === "" ? {} : { entryPoint }),
      ...(recorded === undefined ? {} : { recorded: recorded.run }),
    });
  };
  const startExperiment = (kind: ExperimentKind) => {
    const recording = hasRun(progress) ? undefined : recorded?.run.recording;
    const settings = { kind, answers: options.answers };
    experiment.start({ source: draft, options: settings, ...(recording === undefined ? {} : { recording }) });
  };
  const found = useFound(progress);
  const problems = useMemo(() => stillHolding(found, sent, draft), [found, sent, draft]);
  const shown = { input, recorded, session, progress, replay, options, setOptions, tab, setTab };
  return { ...shown, refusal, preview, experiment, startExperiment, problems };
}

/** Whether a preview has started, so that it can be repeated. */
export function hasRun(progress: PreviewProgress | undefined): boolean {
  return progress?.phase === "started" && progress.state.status !== "running";
}

const moduleRefusal = "A WebAssembly module is previewed on the command line: npx duranium dev.";

function refusalOf({ payload, entryPoint }: RunInput): string | undefined {
  return parsePayload(payload).ok ? whyNotEntryPoint(entryPoint) : "The payload is not JSON.";
}

/** The problems of a rejected or failed preview. */
function useFound(progress: PreviewProgress | undefined): readonly EditorProblem[] {
  const refusal = progress?.phase === "refused" ? progress.refusal : undefined;
  const failure = progress?.phase === "started" ? progress.state.failure : undefined;
  return useMemo(() => {
    if (refusal !== undefined) return problemsOf(refusal.diagnostics, "preview");
    const [place] = placesOf(failure?.stack ?? "");
    if (failure === undefined || place === undefined) return [];
    return [{ severity: "error", message: `${failure.name}: ${failure.message}`, source: "preview", place }];
  }, [refusal, failure]);
}
