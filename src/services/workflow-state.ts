import * as restate from "@restatedev/restate-sdk";
import { DuraniumError } from "../domain/errors.ts";
import type { JsonValue } from "../domain/json.ts";
import { maxStateKeys, maxStateValueBytes } from "../domain/limits.ts";
import type { StateAnswer } from "../host/operations/state.ts";
import { translated } from "./restate-error.ts";

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
    name: "WorkflowState",
    // A workflow may keep much and read little of it.
    options: { enableLazyState: true },
    handlers: {
      get: shared(statePolicy, async (ctx: SharedContext, { key }: { key: string }) =>
        answer(viewOf(await ctx.get(key))),
      ),
      keys: shared(statePolicy, async (ctx: SharedContext) => answer((await ctx.stateKeys()).toSorted())),
      set: exclusive(statePolicy, (ctx: Context, given: Written) => translated(() => set(ctx, given))),
      delete: exclusive(statePolicy, async (ctx: Context, { key }: { key: string }) => {
        ctx.clear(key);
        return answer(null);
      }),
      update: exclusive(statePolicy, (ctx: Context, given: Update) => translated(() => update(ctx, given))),
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

/** The time is that of the answer: it is the caller's journal that keeps it. */
function answer(value: JsonValue): StateAnswer {
  return { now: Date.now(), value };
}

function viewOf(kept: Kept | null): JsonValue {
  return kept === null ? { revision: null } : { value: kept.value, revision: kept.revision };
}

async function set(ctx: Context, { key, value }: Written): Promise<StateAnswer> {
  await requireRoom(ctx, key, value);
  ctx.set(key, { value, revision: ctx.request().id });
  return answer(null);
}

/** Writes only over the value that the new one was made of; otherwise answers with what is there. */
async function update(ctx: Context, { key, revision, value }: Update): Promise<StateAnswer> {
  const kept = await ctx.get(key);
  if ((kept?.revision ?? null) !== revision) return answer(viewOf(kept));
  if (value !== undefined) return await set(ctx, { key, value });
  ctx.clear(key);
  return answer(null);
}

async function requireRoom(ctx: Context, key: string, value: JsonValue): Promise<void> {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > maxStateValueBytes) throw tooMuch(`keep ${bytes} bytes`, { maxStateValueBytes });
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
