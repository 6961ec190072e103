import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type {
  PreviewClient,
  PreviewProgress,
  PreviewRequest,
  PreviewSession,
  PreviewSource,
} from "#preview/contract/preview.ts";
import { createPreviewClient } from "../../preview/client.ts";

export interface PreviewRuns {
  /** The progress of the last run; `undefined` before the first. */
  readonly session: PreviewSession | undefined;
  readonly progress: PreviewProgress | undefined;
  readonly run: (source: PreviewSource, request: PreviewRequest) => void;
}

/** Previews in a worker that starts with the first run and ends with the view. */
export function usePreview(): PreviewRuns {
  const [session, setSession] = useState<PreviewSession>();
  const client = useRef<PreviewClient>(undefined);
  useEffect(
    () => () => {
      client.current?.[Symbol.dispose]();
      client.current = undefined;
    },
    [],
  );
  const run = useCallback((source: PreviewSource, request: PreviewRequest) => {
    client.current ??= createPreviewClient();
    setSession(client.current.run(source, request));
  }, []);
  const subscribe = useCallback(
    (listener: () => void) => session?.subscribe(listener) ?? (() => {}),
    [session],
  );
  const progress = useSyncExternalStore(subscribe, () => session?.progress);
  return { session, progress, run };
}
