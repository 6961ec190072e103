import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { DatedLimits } from "../../domain/flow/queue-limits.ts";
import { parseQueueId } from "../../domain/flow/queue-id.ts";
import type { QueueId } from "../../domain/ids.ts";
import { book } from "../../flow/booking.ts";
import {
  acquire,
  configure,
  continueWaiting,
  drain,
  holdUntil,
  override,
  pause,
  processRequest,
  purge,
  release,
  reserve,
  resume,
  resumePaused,
  suspend,
  wake,
} from "../../flow/queue.ts";
import { ticketOf } from "../../flow/queue-records.ts";
import type { Ticket } from "../../flow/queue-records.ts";
import type { QueueEffect, QueueRun, WakeUp } from "../../flow/run.ts";
import type { QueueStorage } from "../../flow/transaction.ts";
import { clockEntry } from "../../journal/entry-names.ts";
import { executionObjectName, queueObjectName } from "../../journal/object-names.ts";
import type {
  AcquireInput,
  BookInput,
  ContinueInput,
  ControlInput,
  HoldInput,
  PostedSlotAnswer,
  ReconcileInput,
  ReserveInput,
  SlotAddress,
} from "../../journal/queue-inputs.ts";
import { slotSignal } from "../../journal/signals.ts";
import { withRestateErrors } from "../../restate/client/terminal-error.ts";

/**
 * The Virtual Object `Queue`, keyed by queue id: flow control as handlers of Restate.
 *
 * All handlers are exclusive, so Restate processes the requests of one queue in order, and each of them completes even if the
 * executor crashes in the middle. The state machine of `src/flow` decides; this file stores its records as state keys,
 * answers executions with signals, and wakes itself with delayed requests.
 */
export interface QueueObjectOptions {
  /** Called after each request that leaves executions in the queue. Must not throw. */
  readonly onUsed: (queue: QueueId) => void;
}

export function createQueueObject({ onUsed }: QueueObjectOptions) {
  const handle = <Input>(process: (run: QueueRun, input: Input) => Promise<JsonValue | void> | void) =>
    restate.handlers.object.exclusive(queuePolicy, (ctx: Context, input: Input) =>
      withRestateErrors(async () => await perform(ctx, (run) => process(run, input), onUsed)),
    );
  return restate.object({
    name: queueObjectName,
    // Thousands of executions may wait, and a request reads the records of a few.
    options: { enableLazyState: true },
    handlers: {
      acquire: handle(async (run, { request, limits, ...address }: AcquireInput) => {
        await acquire(run, ticketIn(address), request, limits);
      }),
      release: handle(async (run, address: SlotAddress) => await release(run, ticketIn(address))),
      suspend: handle(async (run, address: SlotAddress) => await suspend(run, ticketIn(address), "waits")),
      continue: handle(async (run, { answer, ...address }: ContinueInput) => {
        await continueWaiting(run, ticketIn(address), answer);
      }),
      reserve: handle(async (run, { key, limits }: ReserveInput) => await reserve(run, key, limits)),
      book: handle(async (run, { key, by }: BookInput) => await book(run, key, by)),
      configure: handle(async (run, dated: DatedLimits) => await configure(run, dated)),
      hold: handle((run, { until }: HoldInput) => holdUntil(run, until)),
      wake: handle(async (run, due: WakeUp) => await wake(run, due)),
      control: handle(control),
      reconcile: handle(reconcile),
    },
  });
}

type Context = restate.ObjectContext<Record<string, JsonValue>>;

const queuePolicy = { journalRetention: { milliseconds: 0 } } as const;
const json = restate.serde.json as restate.Serde<JsonValue>;

function ticketIn({ executionId, number }: SlotAddress): Ticket {
  return ticketOf(executionId, number);
}

async function control(run: QueueRun, { action, by, note, ...input }: ControlInput): Promise<void> {
  const operatorNote = {
    at: run.now,
    ...(by === undefined ? {} : { by }),
    ...(note === undefined ? {} : { note }),
  };
  if (action === "pause") pause(run, operatorNote);
  if (action === "drain") drain(run, operatorNote);
  if (action === "resume") await resume(run);
  if (action === "purge") await purge(run);
  if ("limits" in input) await override(run, input.limits);
}

async function reconcile(run: QueueRun, { ended, paused, resumed, overdue }: ReconcileInput): Promise<void> {
  for (const ticket of resumed as readonly Ticket[]) await resumePaused(run, ticket);
  for (const ticket of ended as readonly Ticket[]) await release(run, ticket);
  for (const ticket of paused as readonly Ticket[]) await suspend(run, ticket, "paused");
  for (const due of overdue) await wake(run, due);
}

async function perform(
  ctx: Context,
  process: (run: QueueRun) => Promise<JsonValue | void> | void,
  onUsed: QueueObjectOptions["onUsed"],
): Promise<JsonValue> {
  const queue = parseQueueId(ctx.key);
  const now = await ctx.run(clockEntry, () => Date.now());
  const { effects, value, core } = await processRequest(
    storageOf(ctx),
    now,
    async (run) => await process(run),
  );
  for (const effect of effects) applyEffect(ctx, queue, now, effect);
  if (core.running + core.waiting > 0) onUsed(queue);
  return value ?? null;
}

function storageOf(ctx: Context): QueueStorage {
  return {
    get: async (key) => await ctx.get(key),
    set: (key, value) => ctx.set(key, value),
    clear: (key) => ctx.clear(key),
    keys: async () => await ctx.stateKeys(),
  };
}

function applyEffect(ctx: Context, queue: QueueId, now: number, effect: QueueEffect): void {
  if (effect.kind === "signal") {
    const { executionId, number, answer } = effect;
    const posted: PostedSlotAnswer = { now, value: answer };
    const execution = ctx.invocation(restate.InvocationIdParser.fromString(executionId));
    execution.signal<JsonValue>(slotSignal(queue, number), json).resolve(posted as unknown as JsonValue);
  } else if (effect.kind === "wake") {
    const parameter = effect.wake as JsonValue;
    send(ctx, { service: queueObjectName, key: queue, method: "wake", parameter, delay: effect.at - now });
  } else {
    const { executionId } = effect;
    ctx.invocation(restate.InvocationIdParser.fromString(executionId)).cancel();
    // An execution that does not react to its cancellation is killed, as when the API cancels it.
    const method = "enforceCancellation";
    send(ctx, { service: executionObjectName, key: executionId, method, parameter: null, delay: 0 });
  }
}

function send(
  ctx: Context,
  request: {
    readonly service: string;
    readonly key: string;
    readonly method: string;
    readonly parameter: JsonValue;
    readonly delay: number;
  },
): void {
  ctx.genericSend({ ...request, delay: Math.max(0, request.delay), inputSerde: json });
}
