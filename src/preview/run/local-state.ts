import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { StateAnswer } from "../../host/operations/state.ts";
import { createStateActions } from "../../host/state-actions.ts";
import type { StoredValue, StateActions, UpdateInput, WriteInput } from "../../host/state-actions.ts";
import type { PreviewStates } from "../contract/preview.ts";

/** The values of `ctx.state` in memory, with the rules of the Virtual Object `WorkflowState`. */
export interface LocalState extends PreviewStates {
  /** @param now milliseconds since the Unix epoch */
  answer(workflowId: string, action: string, input: JsonValue, now: number): Promise<Outcome>;
  /** Applies an action whose outcome is recorded, so that later actions continue from it. */
  mirror(workflowId: string, action: string, input: JsonValue, outcome: Outcome): void;
}

export function createLocalState(): LocalState {
  const workflows = new Map<string, Map<string, StoredValue>>();
  let revisions = 0;

  function cellsOf(workflowId: string): Map<string, StoredValue> {
    const cells = workflows.get(workflowId) ?? new Map<string, StoredValue>();
    workflows.set(workflowId, cells);
    return cells;
  }

  function actionsOn(cells: Map<string, StoredValue>): StateActions {
    revisions += 1;
    const store = {
      get: async (key: string) => cells.get(key) ?? null,
      keys: async () => [...cells.keys()],
      set: (key: string, stored: StoredValue) => void cells.set(key, stored),
      clear: (key: string) => void cells.delete(key),
    };
    return createStateActions(store, `r${revisions}`);
  }

  return {
    get(workflowId) {
      const cells = [...(workflows.get(workflowId) ?? [])];
      return Object.fromEntries(cells.map(([key, { value }]) => [key, value]));
    },
    set(workflowId, values) {
      revisions += 1;
      const cells = Object.entries(values).map(
        ([key, value]) => [key, { value, revision: `r${revisions}` }] as const,
      );
      workflows.set(workflowId, new Map(cells));
    },
    mirror(workflowId, action, input, outcome) {
      if (!outcome.ok) return;
      revisions += 1;
      const { value: result } = Object(outcome.value) as { readonly value?: JsonValue };
      const stored = storedAfter(action, { ...Object(input), result }, `r${revisions}`);
      const { key } = Object(input) as { readonly key?: string };
      if (stored === undefined || key === undefined) return;
      if (stored === null) cellsOf(workflowId).delete(key);
      else cellsOf(workflowId).set(key, stored);
    },
    async answer(workflowId, action, input, now) {
      try {
        const value = await act(actionsOn(cellsOf(workflowId)), action, input);
        const answer: StateAnswer = { now, value };
        return { ok: true, value: { ...answer } };
      } catch (error) {
        if (!(error instanceof DuraniumError)) throw error;
        return { ok: false, error: { name: "Error", message: error.message, code: error.code } };
      }
    },
  };
}

/** The operation has already validated the input of the guest. */
async function act(actions: StateActions, action: string, input: JsonValue): Promise<JsonValue> {
  const given = input as unknown as WriteInput & UpdateInput;
  switch (action) {
    case "get":
      return await actions.get(given);
    case "set":
      return await actions.set(given);
    case "delete":
      return await actions.delete(given);
    case "update":
      return await actions.update(given);
    default:
      return await actions.keys();
  }
}

/** What is stored after a recorded action: null for nothing, undefined if the action does not say. */
function storedAfter(
  action: string,
  { value, result }: { readonly value?: JsonValue; readonly result?: JsonValue },
  revision: string,
): StoredValue | null | undefined {
  if (action === "delete") return null;
  const isWritten = action === "set" || (action === "update" && result === null);
  if (isWritten) return value === undefined ? null : { value, revision };
  return action === "keys" ? undefined : storedIn(result);
}

/** Reads the view of a value that `get` and a failed `update` return. */
function storedIn(view: JsonValue | undefined): StoredValue | null {
  const { value, revision } = Object(view) as { readonly value?: JsonValue; readonly revision?: unknown };
  return value === undefined || typeof revision !== "string" ? null : { value, revision };
}
