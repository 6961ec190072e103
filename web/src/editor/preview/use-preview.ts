import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type {
  PreviewClient,
  PreviewProgress,
  PreviewRequest,
  PreviewSession,
  PreviewSource,
} from "#preview/contract/preview.ts";
import { type ExperimentRuns, useExperiment } from "../../experiments/use-experiment.ts";
import { type BrowserPreviewClient, createPreviewClient } from "../../preview/client.ts";

export interface PreviewRuns {
  /** The progress of the last run; `undefined` before the first. */
  readonly session: PreviewSession | undefined;
  readonly progress: PreviewProgress | undefined;
  readonly run: (source: PreviewSource, request: PreviewRequest) => void;
  /** Experiments on the last run, or on a recording. */
  readonly experiment: ExperimentRuns;
  readonly replay: PreviewClient["replay"];
}

/** Previews in a worker that starts with the first run and ends with the view. */
export function usePreview(): PreviewRuns {
  const [session, setSession] = useState<PreviewSession>();
  const client = useRef<BrowserPreviewClient>(undefined);
  useEffect(
    () => () => {
      client.current?.[Symbol.dispose]();
      client.current = undefined;
    },
    [],
  );
  const openClient = useCallback(() => (client.current ??= createPreviewClient()), []);
  const run = useCallback(
    (source: PreviewSource, request: PreviewRequest) => setSession(openClient().run(source, request)),
    [openClient],
  );
  const experiment = useExperiment(openClient);
  const replay = useCallback<PreviewClient["replay"]>(
    async (source, recordings) => await openClient().replay(source, recordings),
    [openClient],
  );
  const subscribe = useCallback(
    (listener: () => void) => session?.subscribe(listener) ?? (() => {}),
    [session],
  );
  const progress = useSyncExternalStore(subscribe, () => session?.progress);
  return { session, progress, run, replay, experiment };
}
