import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../base/json.ts";
import type { StateAnswer } from "../host/operations/state.ts";
import { createStateActions } from "../host/state-actions.ts";
import type {
  StoredValue,
  StateActions,
  StateStorage,
  UpdateInput,
  WriteInput,
} from "../host/state-actions.ts";
import { clockEntry } from "../journal/entry-names.ts";
import { workflowStateName } from "../journal/object-names.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";

/**
 * The Virtual Object `WorkflowState`, keyed by workflow id: the values of `ctx.state`, each a state key of Restate. All
 * versions of a workflow share them. Writes are exclusive, so they run in order; reads are shared and never wait.
 *
 * Each stored value has a unique revision. `update` compares it with the revision that the new value was computed from.
 */
export function createWorkflowState() {
  const { exclusive, shared } = restate.handlers.object;
  return restate.object({
    name: workflowStateName,
    // A request needs few of the keys, so Restate must not send all of them with it.
    options: { enableLazyState: true },
    handlers: {
      get: shared(statePolicy, (ctx: SharedContext, given: { key: string }) =>
        answered(ctx, (actions) => actions.get(given)),
      ),
      keys: shared(statePolicy, (ctx: SharedContext) => answered(ctx, (actions) => actions.keys())),
      set: exclusive(statePolicy, (ctx: Context, given: WriteInput) =>
        answered(ctx, (actions) => actions.set(given)),
      ),
      delete: exclusive(statePolicy, (ctx: Context, given: { key: string }) =>
        answered(ctx, (actions) => actions.delete(given)),
      ),
      update: exclusive(statePolicy, (ctx: Context, given: UpdateInput) =>
        answered(ctx, (actions) => actions.update(given)),
      ),
    },
  });
}

type State = Record<string, StoredValue>;
type Context = restate.ObjectContext<State>;
type SharedContext = restate.ObjectSharedContext<State>;

const statePolicy = { journalRetention: { milliseconds: 0 } } as const;

/** Journals the time of the answer, so that an attempt after a crash returns the same answer again. */
async function answered(
  ctx: SharedContext,
  act: (actions: StateActions) => Promise<JsonValue>,
): Promise<StateAnswer> {
  return await withRestateErrors(async () => {
    const value = await act(createStateActions(cellsOf(ctx), ctx.request().id));
    return { now: await ctx.run(clockEntry, () => Date.now()), value };
  });
}

/** Shared handlers call only `get` and `keys`, so the cast to the writing context is safe. */
function cellsOf(ctx: SharedContext): StateStorage {
  const writing = ctx as Context;
  return {
    get: async (key) => await ctx.get(key),
    keys: async () => await ctx.stateKeys(),
    set: (key, stored) => writing.set(key, stored),
    clear: (key) => writing.clear(key),
  };
}
