import * as restate from "@restatedev/restate-sdk";
import { DuraniumError } from "../domain/errors.ts";
import type { JsonValue } from "../domain/json.ts";
import { maxStateKeys, maxStateValueBytes } from "../domain/limits.ts";
import type { StateAnswer } from "../host/operations/state.ts";
import { translated } from "./restate-error.ts";

export const workflowStateName = "WorkflowState";

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
      get: shared(statePolicy, (ctx: SharedContext, { key }: { key: string }) =>
        answered(ctx, async () => viewOf(await ctx.get(key))),
      ),
      keys: shared(statePolicy, (ctx: SharedContext) =>
        answered(ctx, async () => (await ctx.stateKeys()).toSorted()),
      ),
      set: exclusive(statePolicy, (ctx: Context, given: Written) => answered(ctx, () => set(ctx, given))),
      delete: exclusive(statePolicy, (ctx: Context, { key }: { key: string }) =>
        answered(ctx, async () => {
          ctx.clear(key);
          return null;
        }),
      ),
      update: exclusive(statePolicy, (ctx: Context, given: Update) =>
        answered(ctx, () => update(ctx, given)),
      ),
    },
  });
}

type State = Record<string, Kept>;
type Context = restate.ObjectContext<State>;
type SharedContext = restate.ObjectSharedContext<State>;

interface Kept {
  readonly value: JsonValue;
  readonly revision: string;
}

interface Written {
  readonly key: string;
  readonly value: JsonValue;
}

interface Update {
  readonly key: string;
  readonly revision: string | null;
  readonly value?: JsonValue;
}

const statePolicy = { journalRetention: { milliseconds: 0 } } as const;

/**
 * The time goes into the journal here: an answer that was recorded, when a crash came before its end, must be
 * the same when it is given again.
 */
async function answered(ctx: SharedContext, act: () => Promise<JsonValue>): Promise<StateAnswer> {
  return await translated(async () => {
    const value = await act();
    return { now: await ctx.run("clock", () => Date.now()), value };
  });
}

function viewOf(kept: Kept | null): JsonValue {
  return kept === null ? { revision: null } : { value: kept.value, revision: kept.revision };
}

async function set(ctx: Context, { key, value }: Written): Promise<null> {
  await requireRoom(ctx, key, value);
  ctx.set(key, { value, revision: ctx.request().id });
  return null;
}

/** Writes only over the value that the new one was made of; otherwise answers with what is there. */
async function update(ctx: Context, { key, revision, value }: Update): Promise<JsonValue> {
  const kept = await ctx.get(key);
  if ((kept?.revision ?? null) !== revision) return viewOf(kept);
  if (value !== undefined) return await set(ctx, { key, value });
  ctx.clear(key);
  return null;
}

async function requireRoom(ctx: Context, key: string, value: JsonValue): Promise<void> {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > maxStateValueBytes)
    throw tooMuch(`keep ${bytes} bytes`, { stateValueBytes: maxStateValueBytes });
  const keys = await ctx.stateKeys();
  if (keys.length >= maxStateKeys && !keys.includes(key)) throw tooMuch("keep another key", { maxStateKeys });
}

function tooMuch(what: string, limit: Readonly<Record<string, number>>): DuraniumError {
  const [[name, value] = []] = Object.entries(limit);
  return new DuraniumError(
    "limit-exceeded",
    `Cannot ${what} in the workflow's state: the limit is ${value} (${name})`,
  );
}
