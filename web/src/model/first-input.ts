import type { RunInput } from "./run-input.ts";

/** The input of a new workflow's first run, kept for the tab only, like payloads. */

const keyOf = (workflowId: string) => `duranium:first-input:${workflowId}`;

export function rememberFirstInput(workflowId: string, input: RunInput): void {
  try {
    sessionStorage.setItem(keyOf(workflowId), JSON.stringify(input));
  } catch {
    // The storage is full. The first run then starts with an empty object.
  }
}

export function firstInput(workflowId: string): RunInput {
  const text = sessionStorage.getItem(keyOf(workflowId));
  return text === null ? { entryPoint: "", payload: "{}" } : (JSON.parse(text) as RunInput);
}
