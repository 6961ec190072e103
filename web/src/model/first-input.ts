import type { RunInput } from "./run-input.ts";

/** What the first run of a new workflow is begun with: kept for the tab alone, as payloads are. */

const keyOf = (workflowId: string) => `duranium:first-input:${workflowId}`;

export function rememberFirstInput(workflowId: string, input: RunInput): void {
  try {
    sessionStorage.setItem(keyOf(workflowId), JSON.stringify(input));
  } catch {
    // The storage is full. The first run then begins with an empty object.
  }
}

export function firstInput(workflowId: string): RunInput {
  const text = sessionStorage.getItem(keyOf(workflowId));
  return text === null ? { entryPoint: "", payload: "{}" } : (JSON.parse(text) as RunInput);
}
