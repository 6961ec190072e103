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
import { workflowStateName } from "../journal/object-names.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";

/**
 * The Virtual Object `WorkflowState`, keyed by workflow id: the values of `ctx.state`, each a state key of
 * Restate. Who writes waits for who writes; reading waits for nobody. Versions share it.
 *
 * A value has a revision, which no other value ever had, so that `update` can tell whether what it was given
 * follows from what is there.
 */
export function createWorkflowState() {
  const { exclusive, shared } = restate.handlers.object;
  return restate.object({
    name: workflowStateName,
    // A workflow may keep much and read little of it.
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

/**
 * The time goes into the journal here: an answer that was recorded, when a crash came before its end, must be
 * the same when it is given again.
 */
async function answered(
  ctx: SharedContext,
  act: (actions: StateActions) => Promise<JsonValue>,
): Promise<StateAnswer> {
  return await withRestateErrors(async () => {
    const value = await act(createStateActions(cellsOf(ctx), ctx.request().id));
    return { now: await ctx.run("clock", () => Date.now()), value };
  });
}

/** Those who read ask for no writing. */
function cellsOf(ctx: SharedContext): StateStorage {
  const writing = ctx as Context;
  return {
    get: async (key) => await ctx.get(key),
    keys: async () => await ctx.stateKeys(),
    set: (key, stored) => writing.set(key, stored),
    clear: (key) => writing.clear(key),
  };
}
