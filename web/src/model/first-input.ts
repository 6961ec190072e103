import type { MockedFetch } from "#preview/contract/mock-response.ts";
import type { RunInput } from "./run-input.ts";

/** The input of a new workflow's first runs, kept for the tab only, like payloads. */
export interface FirstInput {
  /** The payload and the mock responses of previews. */
  readonly preview: { readonly payload: string; readonly answers: readonly MockedFetch[] };
  /** The payload of executions, for which there are no mock responses. */
  readonly execute: { readonly payload: string };
  readonly entryPoint: string;
}

const keyOf = (workflowId: string) => `duranium:first-input:${workflowId}`;

export function rememberFirstInput(workflowId: string, input: FirstInput): void {
  try {
    sessionStorage.setItem(keyOf(workflowId), JSON.stringify(input));
  } catch {
    // The storage is full. The first run then starts with an empty object.
  }
}

export function firstInput(workflowId: string): FirstInput {
  const text = sessionStorage.getItem(keyOf(workflowId));
  const empty = { payload: "{}" };
  return text === null
    ? { preview: { ...empty, answers: [] }, execute: empty, entryPoint: "" }
    : (JSON.parse(text) as FirstInput);
}

/** The input for the other kind of run. A payload that was changed is kept. */
export function inputFor(tab: "preview" | "execute", input: RunInput, first: FirstInput): RunInput {
  const other = tab === "preview" ? first.execute : first.preview;
  return input.payload === other.payload ? { ...input, payload: first[tab].payload } : input;
}
