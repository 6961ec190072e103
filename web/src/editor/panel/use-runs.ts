import { useMemo, useState } from "react";
import type { PreviewProgress } from "#preview/contract/preview.ts";
import type { Draft } from "../../drafts/draft.ts";
import { parsePayload, type RunInput, whyNotEntryPoint } from "../../model/run-input.ts";
import { useRunInput } from "../payload/use-run-input.ts";
import { type PreviewOptions, usualOptions } from "../preview/preview-options.ts";
import { type PreviewRuns, usePreview } from "../preview/use-preview.ts";
import { type EditorProblem, placesOf, problemsOf, stillHolding } from "../problems/problems.ts";

export type PanelTab = "preview" | "execute";

/** The state of the run panel: the input of runs, and the preview. */
export interface Runs extends Omit<PreviewRuns, "run"> {
  readonly input: ReturnType<typeof useRunInput>;
  readonly options: PreviewOptions;
  readonly setOptions: (options: PreviewOptions) => void;
  readonly tab: PanelTab;
  readonly setTab: (tab: PanelTab) => void;
  /** Why running is disabled, as a sentence. */
  readonly refusal: string | undefined;
  /** Starts a preview and shows it. */
  readonly preview: () => void;
  /** Problems of the last preview, while their files are unchanged. */
  readonly problems: readonly EditorProblem[];
}

export function useRuns(workflowId: string, draft: Draft): Runs {
  const input = useRunInput(workflowId);
  const { session, progress, run } = usePreview();
  const [options, setOptions] = useState(usualOptions);
  const [tab, setTab] = useState<PanelTab>("preview");
  const [sent, setSent] = useState<Draft>();
  const refusal = refusalOf(input.input);
  const preview = () => {
    const payload = parsePayload(input.input.payload);
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
    });
  };
  const found = useFound(progress);
  const problems = useMemo(() => stillHolding(found, sent, draft), [found, sent, draft]);
  return { input, session, progress, options, setOptions, tab, setTab, refusal, preview, problems };
}

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
