import { useState } from "react";
import type { Recording } from "#recordings/recording.ts";
import { firstInput } from "../../model/first-input.ts";
import type { RunInput } from "../../model/run-input.ts";
import { payloadHistory } from "./payload-history.ts";

/** The input of the next run, at first that of the recorded execution, and the payload history. */
export function useRunInput(workflowId: string, recording: Recording | undefined) {
  const [history] = useState(() => payloadHistory(sessionStorage, workflowId));
  const [payloads, setPayloads] = useState(history.list);
  const [input, setInput] = useState<RunInput>(() => {
    if (recording !== undefined) {
      const { payload, start } = recording;
      return { entryPoint: start.entryPoint ?? "", payload: JSON.stringify(payload, undefined, 2) };
    }
    const { entryPoint, preview } = firstInput(workflowId);
    return { entryPoint, payload: payloads[0] ?? preview.payload };
  });
  return {
    input,
    setInput,
    payloads,
    remember: () => {
      history.add(input.payload);
      setPayloads(history.list());
    },
    forget: () => {
      history.clear();
      setPayloads([]);
    },
  };
}
