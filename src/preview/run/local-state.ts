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
