import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { DatedLimits } from "../../domain/flow/queue-limits.ts";
import { parseQueueId, workflowOfQueue } from "../../domain/flow/queue-id.ts";
import type { Reclaim } from "../../domain/flow/slot.ts";
import type { ExecutionId, QueueId, WorkflowId } from "../../domain/ids.ts";
import { book } from "../../flow/booking.ts";
import { continueWaiting, reclaim, resumed, resumePaused, suspend, unclaim } from "../../flow/pauses.ts";
import {
  acquire,
  configure,
  drain,
  holdUntil,
  override,
  pause,
  pauseWorkflow,
  processRequest,
  release,
  reserve,
  resume,
  resumeWorkflow,
  wake,
} from "../../flow/queue.ts";
import { purge, remove, skipDeleted } from "../../flow/purge.ts";
import { ticketOf } from "../../flow/queue-records.ts";
import { acquiringReads, anyRequest, releasingReads } from "./read-ahead.ts";
import type { ReadAhead } from "./read-ahead.ts";
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
  PauseWorkflowInput,
  PostedSlotAnswer,
  ReclaimInput,
  ReconcileInput,
  RemoveInput,
  ReserveInput,
  ResumeInput,
  SkipDeletedInput,
  SlotAddress,
} from "../../journal/queue-inputs.ts";
import { slotSignal } from "../../journal/signals.ts";
import { withRestateErrors } from "../../restate/client/terminal-error.ts";
import type { WorkflowPauseStore } from "../../stores/workflow-pauses.ts";

/**
 * The Virtual Object `Queue`, keyed by queue id: flow control as handlers of Restate.
 *
 * All handlers are exclusive, so Restate processes the requests of one queue in order, and each of them completes even if the
 * executor crashes in the middle. The state machine of `src/flow` decides; this file stores its records as state keys,
 * answers executions with signals, and wakes itself with delayed requests.
 */
export interface QueueObjectOptions {
  readonly pauses: Pick<WorkflowPauseStore, "set" | "remove">;
  /** Called after each request that leaves executions in the queue. Must not throw. */
  readonly onUsed: (queue: QueueId) => void;
}

export function createQueueObject({ onUsed, pauses }: QueueObjectOptions) {
  const handle = <Input>(
    process: (run: QueueRun, input: Input) => Promise<JsonValue | void> | void,
    readAhead: (input: Input) => ReadAhead = () => anyRequest,
  ) =>
    restate.handlers.object.exclusive(queuePolicy, (ctx: Context, input: Input) =>
      withRestateErrors(async () => {
        const opened = await open(ctx, readAhead(input));
        return await perform(ctx, opened, (run) => process(run, input), onUsed);
      }),
    );
  return restate.object({
    name: queueObjectName,
    // Thousands of executions may wait, and a request reads the records of a few.
    options: { enableLazyState: true },
    handlers: {
      acquire: handle(
        async (run, { request, limits, ...address }: AcquireInput) => {
          await acquire(run, ticketIn(address), request, limits);
        },
        ({ request, ...address }) => acquiringReads(ticketIn(address), request),
      ),
      release: handle(
        async (run, address: SlotAddress) => await release(run, ticketIn(address)),
        readsOfSlot,
      ),
      suspend: handle(
        async (run, address: SlotAddress) => await suspend(run, ticketIn(address), "waits"),
        readsOfSlot,
      ),
      continue: handle(async (run, { answer, ...address }: ContinueInput) => {
        await continueWaiting(run, ticketIn(address), answer);
      }, readsOfSlot),
      reclaim: handle(async (run, { slots, index, ...address }: ReclaimInput) => {
        await reclaim(run, ticketIn(address), { slots, index });
      }),
      unclaim: handle(async (run, address: SlotAddress) => await unclaim(run, ticketIn(address))),
      resumed: handle(async (run, address: SlotAddress) => await resumed(run, ticketIn(address))),
      reserve: handle(async (run, { key, limits }: ReserveInput) => await reserve(run, key, limits)),
      book: handle(async (run, { key, by }: BookInput) => await book(run, key, by)),
      configure: handle(async (run, dated: DatedLimits) => await configure(run, dated)),
      hold: handle((run, { until }: HoldInput) => holdUntil(run, until)),
      wake: handle(async (run, due: WakeUp) => await wake(run, due)),
      remove: handle(async (run, { at }: RemoveInput) => await remove(run, at)),
      skipDeleted: handle(async (run, { tickets }: SkipDeletedInput) => {
        await skipDeleted(run, tickets as readonly Ticket[]);
      }),
      control: handle(control),
      reconcile: handle(reconcile),
      ...workflowPauses({ onUsed, pauses }),
    },
  });
}

/** The handlers that pause and resume the workflow of the queue. */
function workflowPauses({ onUsed, pauses }: QueueObjectOptions) {
  /** Records a pause or its end in the database, where `execute` reads it, and in the queue: both or, until a retry, neither. */
  const recording = <Input>(
    record: (workflowId: WorkflowId, input: Input) => Promise<void>,
    process: (run: QueueRun, input: Input) => Promise<void> | void,
  ) =>
    restate.handlers.object.exclusive(queuePolicy, (ctx: Context, input: Input) =>
      withRestateErrors(async () => {
        const workflowId = workflowOfQueue(parseQueueId(ctx.key));
        if (workflowId === undefined) throw new Error(`Queue "${ctx.key}" is not of a workflow`);
        await ctx.run("record", () => record(workflowId, input));
        const opened = await open(ctx, anyRequest);
        return await perform(ctx, opened, (run) => process(run, input), onUsed);
      }),
    );
  return {
    pauseWorkflow: recording<PauseWorkflowInput>(
      (workflowId, { pause: given }) => pauses.set(workflowId, given),
      (run, { pause: { at, by, note } }) =>
        pauseWorkflow(run, { at, by, ...(note === undefined ? {} : { note }) }),
    ),
    resumeWorkflow: recording<null>((workflowId) => pauses.remove(workflowId), resumeWorkflow),
  };
}

type Context = restate.ObjectContext<Record<string, JsonValue>>;

const queuePolicy = { journalRetention: { milliseconds: 0 } } as const;
const json = restate.serde.json as restate.Serde<JsonValue>;

function ticketIn({ executionId, number }: SlotAddress): Ticket {
  return ticketOf(executionId, number);
}

function readsOfSlot(address: SlotAddress): ReadAhead {
  return releasingReads(ticketIn(address));
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

async function reconcile(
  run: QueueRun,
  { at, ended, paused, resumed: running, overdue }: ReconcileInput,
): Promise<void> {
  for (const ticket of running as readonly Ticket[]) await resumePaused(run, ticket);
  for (const ticket of ended as readonly Ticket[]) await release(run, ticket);
  for (const ticket of paused as readonly Ticket[]) await suspend(run, ticket, "paused", at);
  for (const due of overdue) await wake(run, due);
}

/** A request with its time, and the records that were read ahead. */
interface Opened {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly records: ReadonlyMap<string, JsonValue | null>;
}

/** One round trip to Restate for the time and all these records, whose commands are always in the same order. */
async function open(ctx: Context, readAhead: ReadAhead): Promise<Opened> {
  const clock = ctx.run(clockEntry, () => Date.now());
  const [now, ...values] = await restate.RestatePromise.all([
    clock,
    ...readAhead.map((key) => recordOf(ctx, key)),
  ]);
  return { now, records: new Map(readAhead.map((key, index) => [key, values[index] ?? null])) };
}

async function perform(
  ctx: Context,
  { now, records }: Opened,
  process: (run: QueueRun) => Promise<JsonValue | void> | void,
  onUsed: QueueObjectOptions["onUsed"],
): Promise<JsonValue> {
  const queue = parseQueueId(ctx.key);
  const { effects, value, core } = await processRequest(
    storageOf(ctx, records),
    now,
    async (run) => await process(run),
  );
  for (const effect of effects) applyEffect(ctx, queue, now, effect);
  if (core.running + core.waiting > 0) onUsed(queue);
  return value ?? null;
}

function recordOf(ctx: Context, key: string): restate.RestatePromise<JsonValue | null> {
  return ctx.get(key) as restate.RestatePromise<JsonValue | null>;
}

function storageOf(ctx: Context, records: Opened["records"]): QueueStorage {
  return {
    async read(keys) {
      const others = keys.filter((key) => !records.has(key));
      const values = await restate.RestatePromise.all(others.map((key) => recordOf(ctx, key)));
      const read = new Map([
        ...records,
        ...others.map((key, index) => [key, values[index] ?? null] as const),
      ]);
      return keys.map((key) => read.get(key) ?? null);
    },
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
  } else if (effect.kind === "reclaimed") {
    continueResuming(ctx, effect.executionId, effect.reclaim);
  } else {
    const { executionId } = effect;
    ctx.invocation(restate.InvocationIdParser.fromString(executionId)).cancel();
    // An execution that does not react to its cancellation is killed, as when the API cancels it.
    const method = "enforceCancellation";
    send(ctx, { service: executionObjectName, key: executionId, method, parameter: null, delay: 0 });
  }
}

/** Acquires the next slot of an execution that will be resumed, or resumes it if it holds all of them. */
function continueResuming(ctx: Context, executionId: ExecutionId, { slots, index }: Reclaim): void {
  const next = slots[index + 1];
  if (next === undefined) {
    const input: ResumeInput = { slots };
    const parameter = input as unknown as JsonValue;
    send(ctx, { service: executionObjectName, key: executionId, method: "resume", parameter, delay: 0 });
  } else {
    const input: ReclaimInput = { executionId, number: next.number, slots, index: index + 1 };
    const parameter = input as unknown as JsonValue;
    send(ctx, { service: queueObjectName, key: next.queue, method: "reclaim", parameter, delay: 0 });
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
