import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseExecutionId } from "../domain/ids.ts";
import { maxEventsPerExecution } from "../domain/limits.ts";
import type { CallbackInput, EventInput, RescheduleInput } from "../journal/object-inputs.ts";
import { executionObjectName, queueObjectName } from "../journal/object-names.ts";
import type { ResumeInput } from "../journal/queue-inputs.ts";
import { callbackSignal, eventSignal, parseSignal } from "../journal/signals.ts";
import type { PostedSignal } from "../journal/signals.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import type { ReusedStepsSource } from "../read-model/reuse/reused-steps-source.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";
import { cancellationTimeoutMs, maxPostedBytesPerExecution } from "./limits.ts";
import { reschedule } from "./reschedule-execution.ts";
import type { RescheduleClient } from "./reschedule-execution.ts";

/**
 * The Virtual Object `Execution`, keyed by execution id: external input to an execution, its forced cancellation, its
 * resumption once it holds its slots, and a change of the time at which it starts. They are handlers of Restate so that each
 * completes even if the executor crashes in the middle.
 *
 * `event` and `callback` are exclusive, so Restate runs those of one execution in order. The object counts the events of
 * each name: event number n of a name becomes a signal with its own name. A signal can be received once. Restate stores
 * it in the journal of the execution, whether the execution already waits for it or not.
 */
export interface ExecutionObjectOptions {
  readonly restate: Pick<RestateClient, "kill" | "resume"> & RescheduleClient;
  readonly reusedSteps: Pick<ReusedStepsSource, "signals">;
}

export function createExecutionObject(options: ExecutionObjectOptions) {
  const { exclusive, shared } = restate.handlers.object;
  return restate.object({
    name: executionObjectName,
    handlers: {
      enforceCancellation: shared(policy, (ctx: restate.ObjectSharedContext) =>
        enforceCancellation(ctx, options),
      ),
      resume: shared(policy, (ctx: restate.ObjectSharedContext, input: ResumeInput) =>
        resume(ctx, input, options),
      ),
      event: exclusive(policy, (ctx: Context, input: EventInput) =>
        withRestateErrors(() => event(ctx, input, options)),
      ),
      callback: exclusive(policy, (ctx: Context, input: CallbackInput) =>
        withRestateErrors(() => callback(ctx, input, options)),
      ),
      expire: exclusive(policy, (ctx: Context) => expire(ctx, options)),
      reschedule: exclusive(reschedulePolicy, (ctx: Context, input: RescheduleInput) =>
        withRestateErrors(() => reschedule(ctx, input, options.restate)),
      ),
    },
  });
}

const json = restate.serde.json as restate.Serde<JsonValue>;
const policy = { journalRetention: { days: 1 } } as const;
/** Its journal has a payload, which nothing reads after its end. */
const reschedulePolicy = { journalRetention: { milliseconds: 0 } } as const;

type State = {
  /** The number of events received, by name. */
  events: Readonly<Record<string, number>>;
  /** The numbers of the callbacks that are completed. */
  callbacks: readonly number[];
  /** The bytes received in events and callbacks. */
  receivedBytes: number;
  /** Set once the counts include the signals of the execution whose steps this one reuses. */
  signalsInherited: true;
  expiryScheduled: true;
};
type Context = restate.ObjectContext<State>;

/**
 * Kills a cancelled execution that has not ended in time. The driver receives a cancellation in a race, and an execution
 * that loops, is paused or is backing off starts no race.
 */
async function enforceCancellation(
  ctx: restate.ObjectSharedContext,
  { restate: client }: ExecutionObjectOptions,
): Promise<null> {
  await ctx.sleep(cancellationTimeoutMs, "cancellation timeout");
  await ctx.run("kill", async () => await client.kill(parseExecutionId(ctx.key)));
  return null;
}

/** Resumes a paused execution that holds its slots again, and reports it to their queues. */
async function resume(
  ctx: restate.ObjectSharedContext,
  { slots }: ResumeInput,
  { restate: client }: ExecutionObjectOptions,
): Promise<null> {
  const executionId = parseExecutionId(ctx.key);
  await ctx.run("resume", async () => await client.resume(executionId));
  for (const { queue, number } of slots) {
    const parameter: JsonValue = { executionId, number };
    const target = { service: queueObjectName, key: queue, method: "resumed" };
    ctx.genericSend({ ...target, parameter, inputSerde: json });
  }
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
  await countBytes(ctx, bytes);
  ctx.set("events", { ...events, [name]: number + 1 });
  signal(ctx, eventSignal(name, number), { now, value });
  await ensureExpiryScheduled(ctx);
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
    throw new DuraniumError(
      "callback-already-used",
      "Callback already used: a callback can be completed once",
    );
  }
  await countBytes(ctx, bytes);
  ctx.set("callbacks", [...used, number]);
  signal(ctx, callbackSignal(number), { now, value });
  await ensureExpiryScheduled(ctx);
  return null;
}

/**
 * Continues the counts of the execution whose steps this one reuses. Its signals are already part of the reused steps, so
 * a new signal of the same name would never be received.
 */
async function inherit(ctx: Context, source: ExecutionObjectOptions["reusedSteps"]): Promise<void> {
  if ((await ctx.get("signalsInherited")) !== null) return;
  const executionId = parseExecutionId(ctx.key);
  const signals = await ctx.run("inherit signals", () =>
    withRestateErrors(() => source.signals(executionId)),
  );
  const events = new Map<string, number>();
  const callbacks: number[] = [];
  for (const received of signals.map(parseSignal)) {
    if (received === undefined) continue;
    if ("callback" in received) callbacks.push(received.callback);
    else events.set(received.event, Math.max(events.get(received.event) ?? 0, received.index + 1));
  }
  ctx.set("events", Object.fromEntries(events));
  ctx.set("callbacks", callbacks);
  ctx.set("signalsInherited", true);
}

function assertCapacity(executionId: string, events: State["events"]): void {
  const total = Object.values(events).reduce((sum, count) => sum + count, 0);
  if (total < maxEventsPerExecution) return;
  throw new DuraniumError(
    "too-many-events",
    `Execution "${executionId}" has received ${total} events, the maximum (maxEventsPerExecution)`,
  );
}

/** Limits the bytes of external input: they stay in the execution's journal even if it never waits for them. */
async function countBytes(ctx: Context, bytes: number): Promise<void> {
  const total = ((await ctx.get("receivedBytes")) ?? 0) + bytes;
  if (total > maxPostedBytesPerExecution) {
    throw new DuraniumError(
      "too-many-events",
      `Cannot send ${bytes} bytes to execution "${ctx.key}": its events and callbacks would total ${total} bytes, ` +
        `and the maximum is ${maxPostedBytesPerExecution} (maxPostedBytesPerExecution)`,
    );
  }
  ctx.set("receivedBytes", total);
}

function signal(ctx: Context, name: string, posted: PostedSignal): void {
  const execution = ctx.invocation(restate.InvocationIdParser.fromString(ctx.key));
  execution.signal<JsonValue>(name, json).resolve({ ...posted });
}

const expireAfter = { days: 31 } as const;

/** Schedules, with the first event or callback, the deletion of the counts. */
async function ensureExpiryScheduled(ctx: Context): Promise<void> {
  if ((await ctx.get("expiryScheduled")) !== null) return;
  ctx.set("expiryScheduled", true);
  scheduleExpiry(ctx);
}

function scheduleExpiry(ctx: Context): void {
  const { key } = ctx;
  ctx.genericSend({
    service: executionObjectName,
    key,
    method: "expire",
    parameter: null,
    delay: expireAfter,
    inputSerde: json,
  });
}

/** Deletes the counts of an execution that no longer exists. While it exists, the next check is scheduled. */
async function expire(ctx: Context, { restate: client }: ExecutionObjectOptions): Promise<null> {
  const executionId = parseExecutionId(ctx.key);
  const isThere = await ctx.run("check execution", async () => {
    return (await readInvocationStatus(client, executionId)) !== undefined;
  });
  if (isThere) scheduleExpiry(ctx);
  else ctx.clearAll();
  return null;
}
