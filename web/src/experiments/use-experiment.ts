import { useCallback, useState } from "react";
import type { ExperimentKind, ExperimentReport, ExperimentRow } from "#experiments/experiment.ts";
import type { BrowserPreviewClient } from "../preview/client.ts";
import type { StartedExperiment } from "../preview/experiment-client.ts";
import type { ExperimentReply } from "../preview/messages.ts";

/** The last experiment in this view. */
export interface ExperimentState {
  readonly kind: ExperimentKind;
  readonly rows: readonly ExperimentRow[];
  /** Absent until the first row is known. */
  readonly total?: number;
  /** Once it has ended. */
  readonly report?: ExperimentReport;
  /** Why it failed, as a sentence. */
  readonly why?: string;
}

export interface ExperimentRuns {
  readonly state: ExperimentState | undefined;
  readonly isUnderWay: boolean;
  readonly start: (what: StartedExperiment) => void;
  readonly stop: () => void;
}

/** @param openClient returns the client of previews, whose worker runs the experiments */
export function useExperiment(openClient: () => BrowserPreviewClient): ExperimentRuns {
  const [state, setState] = useState<ExperimentState>();
  const start = useCallback(
    (what: StartedExperiment) => {
      setState({ kind: what.options.kind, rows: [] });
      openClient().experiment(what, (reply) =>
        setState((before) => (before === undefined ? before : after(before, reply))),
      );
    },
    [openClient],
  );
  const stop = useCallback(() => openClient().stopExperiment(), [openClient]);
  const isUnderWay = state !== undefined && state.report === undefined && state.why === undefined;
  return { state, isUnderWay, start, stop };
}

function after(before: ExperimentState, reply: ExperimentReply): ExperimentState {
  if (before.report !== undefined) return before;
  switch (reply.kind) {
    case "experiment-row":
      return { ...before, rows: [...before.rows, reply.row], total: reply.total };
    case "experiment-done":
      return { ...before, rows: reply.report.rows, report: reply.report };
    case "experiment-failed":
    default:
      return { ...before, why: reply.why };
  }
}
