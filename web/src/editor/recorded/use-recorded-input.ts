import { useState } from "react";
import { useLocation } from "wouter";
import type { ChangedAnswer, RecordedRun } from "#preview/contract/recorded-run.ts";
import type { Recording } from "#recordings/recording.ts";

/** The recording on which previews run, and the answers that the user has edited. */
export interface RecordedInput {
  readonly run: RecordedRun;
  readonly edited: ReadonlyMap<number, ChangedAnswer>;
  /** Edits the answer to a call, by its number; restores the recorded one without an answer. */
  readonly edit: (call: number, answer: ChangedAnswer | undefined) => void;
  /** Previews no longer run on the recording. */
  readonly stop: () => void;
}

export function useRecordedInput({
  workflowId,
  recording,
  onStop,
}: {
  readonly workflowId: string;
  readonly recording: Recording | undefined;
  readonly onStop: () => void;
}): RecordedInput | undefined {
  const [edited, setEdited] = useState<ReadonlyMap<number, ChangedAnswer>>(new Map());
  const [, navigate] = useLocation();
  if (recording === undefined) return undefined;
  return {
    run: { recording, changes: Array.from(edited, ([call, answer]) => ({ call, answer })) },
    edited,
    edit: (call, answer) => {
      const next = new Map(edited);
      if (answer === undefined) next.delete(call);
      else next.set(call, answer);
      setEdited(next);
    },
    stop: () => {
      navigate(`/workflows/${workflowId}/editor`, { replace: true });
      onStop();
    },
  };
}
