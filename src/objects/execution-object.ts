import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseExecutionId } from "../domain/ids.ts";
import {
  cancellationLimitMs,
  cancellationNoticeMs,
  maxEventsPerExecution,
  maxPostedBytesPerExecution,
} from "../domain/limits.ts";
import type { EventInput, CallbackInput } from "../journal/object-inputs.ts";
import { executionObjectName } from "../journal/object-names.ts";
import { callbackSignal, eventSignal, parseSignal } from "../journal/signals.ts";
import type { PostedSignal } from "../journal/signals.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import type { ReusedStepsSource } from "../read-model/reused-steps-source.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";

/**
 * The Virtual Object `Execution`, keyed by execution id: what is done to an execution from outside and must
 * be carried through, whatever dies meanwhile.
 *
 * Events are exclusive handlers, so those of one execution come one after the other: the object counts those of
 * each name, and the event number n of its name becomes a signal of its own. A signal can be received once, and
 * Restate keeps it in the journal of the execution, whether that waits for it already or not.
 */
export interface ExecutionObjectOptions {
  readonly restate: Pick<RestateClient, "kill" | "query">;
  readonly reusedSteps: Pick<ReusedStepsSource, "signals">;
}

export function createExecutionObject(options: ExecutionObjectOptions) {
  const { exclusive, shared } = restate.handlers.object;
  return restate.object({
    name: executionObjectName,
    handlers: {
      ensureEnded: shared(policy, (ctx: restate.ObjectSharedContext) => ensureEnded(ctx, options)),
      event: exclusive(policy, (ctx: Context, input: EventInput) =>
        withRestateErrors(() => event(ctx, input, options)),
      ),
      callback: exclusive(policy, (ctx: Context, input: CallbackInput) =>
        withRestateErrors(() => callback(ctx, input, options)),
      ),
      forget: exclusive(policy, (ctx: Context) => forget(ctx, options)),
    },
  });
}

const json = restate.serde.json as restate.Serde<JsonValue>;
const policy = { journalRetention: { days: 1 } } as const;

/**
 * `events`: how many there were of each name. `callbacks`: the numbers of those that were used. `postedBytes`: of both. `inherited`: those of
 * the execution whose steps this one keeps are among them.
 */
type State = {
  events: Readonly<Record<string, number>>;
  callbacks: readonly number[];
  postedBytes: number;
  inherited: true;
  forgetScheduled: true;
};
type Context = restate.ObjectContext<State>;

/**
 * Ends a cancelled execution that has not ended by itself in time. A cancellation is seen in a race, and
 * an execution that loops, is paused or backs off does not come to one.
 */
async function ensureEnded(
  ctx: restate.ObjectSharedContext,
  { restate: client }: ExecutionObjectOptions,
): Promise<null> {
  await ctx.sleep(cancellationNoticeMs, "time to see the cancellation");
  // Earlier releases did something here, and their journals hold it.
  await ctx.run("break off", () => {});
  await ctx.sleep(cancellationLimitMs, "time to end by itself");
  await ctx.run("end", async () => await client.kill(parseExecutionId(ctx.key)));
  return null;
}

async function event(
  ctx: Context,
  { name, now, value, reusesSteps, bytes }: EventInput,
  { reusedSteps }: ExecutionObjectOptions,
): Promise<null> {
  if (reusesSteps) await inherit(ctx, reusedSteps);
  const events = (await ctx.get("events")) ?? {};
  const number = Object.hasOwn(events, name) ? (events[name] ?? 0) : 0;
  assertCapacity(ctx.key, events);
  if (bytes !== undefined) await countBytes(ctx, bytes);
  ctx.set("events", { ...events, [name]: number + 1 });
  signal(ctx, eventSignal(name, number), { now, value });
  await rememberToForget(ctx);
  return null;
}

async function callback(
  ctx: Context,
  { callback: number, now, value, reusesSteps, bytes }: CallbackInput,
  { reusedSteps }: ExecutionObjectOptions,
): Promise<null> {
  if (reusesSteps) await inherit(ctx, reusedSteps);
  const used = (await ctx.get("callbacks")) ?? [];
  if (used.includes(number)) {
    throw new DuraniumError("callback-used", "The callback was used already: it can be posted to once");
  }
  if (bytes !== undefined) await countBytes(ctx, bytes);
  ctx.set("callbacks", [...used, number]);
  signal(ctx, callbackSignal(number), { now, value });
  await rememberToForget(ctx);
  return null;
}

/** Counts on from what the other execution was sent: a signal of the same name would not be received again. */
async function inherit(ctx: Context, source: ExecutionObjectOptions["reusedSteps"]): Promise<void> {
  if ((await ctx.get("inherited")) !== null) return;
  const executionId = parseExecutionId(ctx.key);
  const signals = await ctx.run("inherit", () => withRestateErrors(() => source.signals(executionId)));
  const events = new Map<string, number>();
  const callbacks: number[] = [];
  for (const received of signals.map(parseSignal)) {
    if (received === undefined) continue;
    if ("callback" in received) callbacks.push(received.callback);
    else events.set(received.event, Math.max(events.get(received.event) ?? 0, received.index + 1));
  }
  ctx.set("events", Object.fromEntries(events));
  ctx.set("callbacks", callbacks);
  ctx.set("inherited", true);
}

function assertCapacity(executionId: string, events: State["events"]): void {
  const total = Object.values(events).reduce((sum, count) => sum + count, 0);
  if (total < maxEventsPerExecution) return;
  throw new DuraniumError(
    "too-many-events",
    `Execution "${executionId}" was sent ${total} events, and takes no more (maxEventsPerExecution)`,
  );
}

/** What is posted stays in the execution's journal, whether it is waited for or not. */
async function countBytes(ctx: Context, bytes: number): Promise<void> {
  const total = ((await ctx.get("postedBytes")) ?? 0) + bytes;
  if (total > maxPostedBytesPerExecution) {
    throw new DuraniumError(
      "too-many-events",
      `Execution "${ctx.key}" cannot be sent ${bytes} bytes: with them it would have been sent ${total} bytes in events ` +
        `and callbacks, more than ${maxPostedBytesPerExecution} (maxPostedBytesPerExecution)`,
    );
  }
  ctx.set("postedBytes", total);
}

function signal(ctx: Context, name: string, posted: PostedSignal): void {
  const execution = ctx.invocation(restate.InvocationIdParser.fromString(ctx.key));
  execution.signal<JsonValue>(name, json).resolve({ ...posted });
}

const forgetAfter = { days: 31 } as const;

/** The first of all events and callbacks sees to it that the counts do not stay for ever. */
async function rememberToForget(ctx: Context): Promise<void> {
  if ((await ctx.get("forgetScheduled")) !== null) return;
  ctx.set("forgetScheduled", true);
  scheduleForget(ctx);
}

function scheduleForget(ctx: Context): void {
  const { key } = ctx;
  ctx.genericSend({
    service: executionObjectName,
    key,
    method: "forget",
    parameter: null,
    delay: forgetAfter,
    inputSerde: json,
  });
}

/** An execution that is still there counts on. */
async function forget(ctx: Context, { restate: client }: ExecutionObjectOptions): Promise<null> {
  const executionId = parseExecutionId(ctx.key);
  const isThere = await ctx.run("look", async () => {
    return (await readInvocationStatus(client, executionId)) !== undefined;
  });
  if (isThere) scheduleForget(ctx);
  else ctx.clearAll();
  return null;
}
