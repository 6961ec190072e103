import { useState } from "react";
import { firstInput } from "../../model/first-input.ts";
import type { RunInput } from "../../model/run-input.ts";
import { payloadHistory } from "./payload-history.ts";

/** The input of the next run, and the payload history. */
export function useRunInput(workflowId: string) {
  const [history] = useState(() => payloadHistory(sessionStorage, workflowId));
  const [payloads, setPayloads] = useState(history.list);
  const [input, setInput] = useState<RunInput>(() => {
    const first = firstInput(workflowId);
    return payloads[0] === undefined ? first : { ...first, payload: payloads[0] };
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
