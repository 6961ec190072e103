import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { withoutCauses } from "../../domain/outcome.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type {
  Callee,
  Effect,
  HostSlotAnswer,
  HostSlotRequest,
  Journal,
  Pending,
} from "../../host/journal.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import type { PostedSlotAnswer } from "../../journal/queue-inputs.ts";
import { forwardedTraceparent } from "../../journal/input-headers.ts";
import type { AttemptEffects } from "./attempt-effects.ts";
import type { HostSlot, HostSlots } from "./host-slots.ts";
import { slotWaitMs } from "./limits.ts";
import type { SendThrottle } from "./send-throttle.ts";

/**
 * The journal over Restate: the implementation of the driver's port `Journal` on the context of one attempt.
 *
 * It owns the commands of the attempt. Effects belong to `AttemptEffects`, the rate of sends to `SendThrottle`, and the slots
 * of effects to `HostSlots`.
 *
 * Invariants:
 *
 * 1. Each call is exactly one command of the invocation, and the commands are in the order of the calls. A `run` with a slot
 *    has two commands in addition, which request and release it.
 * 2. `race` returns results in the order in which Restate recorded them, so a replay returns the same ones. The answer to a
 *    request for a slot is not such a result: the race continues with the effect that was waiting for it.
 * 3. At most one promise of the SDK is awaited at a time, as the SDK requires.
 * 4. A journaled value is exactly what the effect returned. Tags are not part of it.
 *
 * `RestatePromise.race` does not report which promise won, and the SDK visits every outstanding promise, and every `map`
 * of it, for each result. So each result is tagged as it is read, and the transformations of a `Pending` run here, after
 * the race. The handler must be declared with `explicitCancellation`.
 */
export function createRestateJournal(
  ctx: restate.Context,
  {
    effects,
    throttle,
    hostSlots,
    suspend,
  }: {
    readonly effects: AttemptEffects;
    readonly throttle: SendThrottle;
    readonly hostSlots: HostSlots;
    /** Suspends the attempt as soon as it waits. */
    readonly suspend: () => void;
  },
): Journal {
  const headers = forwardedTraceparent(ctx.request());
  const signals = new Map<string, restate.RestatePromise<JsonValue>>();
  return {
    run(name, effect, slot) {
      if (slot !== undefined) return runInSlot(ctx, name, effect, { slot, effects, hostSlots });
      const next = effects.next(effect);
      return pendingOf<JsonValue>(
        runOf(ctx, name, () => next.run()),
        () => next.drop(),
      );
    },
    sleep: (name, durationMs) => pendingOf<void>(mapped(ctx.sleep(durationMs, name))),
    clock: (name) => pendingOf<number>(runOf(ctx, name, () => Date.now())),
    signal(name, signal) {
      // A signal has no command, so the journal would not show the wait. An effect with its name does.
      void ctx.run(name, () => null);
      const promise = signals.get(signal) ?? ctx.signal<JsonValue>(signal, json);
      signals.set(signal, promise);
      return pendingOf<JsonValue>(mapped(promise));
    },
    call(name, callee, parameter) {
      const promise = ctx.genericCall({ ...calleeOf(callee), name, parameter, headers, ...jsonInAndOut });
      const cancel = async () => ctx.invocation(await promise.invocationId).cancel();
      return pendingOf<Outcome>(mapped(promise, outcomeOf), undefined, cancel);
    },
    send(name, callee, parameter, delayMs) {
      // On a replay the command has its delay in the journal already.
      const isNew = contextInternal(ctx).isProcessing();
      const delay = isNew ? throttle.delayOf(callee.key, delayMs) : delayMs;
      const handle = ctx.genericSend({
        ...calleeOf(callee),
        name,
        parameter,
        delay,
        headers,
        inputSerde: json,
      });
      return pendingOf<string>(mapped(handle.invocationId as restate.RestatePromise<restate.InvocationId>));
    },
    cancellation: () => pendingOf<void>(mapped(contextInternal(ctx).cancellation())),
    race: async <T>(pending: readonly Pending<T>[]) =>
      await winnerOf(pending as readonly RestatePending<T>[], { effects, suspend }),
  };
}

/** Continues until a result is delivered that is not the answer of a queue. */
async function winnerOf<T>(
  racing: readonly RestatePending<T>[],
  { effects, suspend }: { readonly effects: AttemptEffects; readonly suspend: () => void },
): Promise<T> {
  for (;;) {
    // An attempt whose effects wait for slots holds no memory for long.
    const isQueued = racing.some(({ source }) => source.isQueued) && !effects.isRunning;
    const suspension = isQueued ? setTimeout(suspend, slotWaitMs) : undefined;
    const { tag, value } = await firstOf(racing, effects).finally(() => clearTimeout(suspension));
    const winner = racing.find(({ source }) => source.result.tag === tag);
    if (winner === undefined) throw new Error("Race resolved with an unknown promise");
    if (!winner.source.continues(value)) return winner.read(value);
  }
}

async function firstOf(racing: readonly RestatePending<unknown>[], effects: AttemptEffects): Promise<Tagged> {
  const promises = racing.map(({ source }) => source.result.promise);
  return await effects.orInterrupted(restate.RestatePromise.race(promises));
}

/**
 * Runs an effect once the queue of its host has answered. The command of the effect follows its request immediately, so that
 * commands are in the order of the calls; the effect itself starts when its promise is first in a race.
 */
function runInSlot(
  ctx: restate.Context,
  name: string,
  effect: Effect,
  {
    slot: request,
    effects,
    hostSlots,
  }: {
    readonly slot: HostSlotRequest;
    readonly effects: AttemptEffects;
    readonly hostSlots: HostSlots;
  },
): RestatePending<JsonValue> {
  let answer: HostSlotAnswer | undefined;
  const slot = hostSlots.acquire(request);
  const next = effects.next(async (signal) => await effect(signal, answer));
  const run = runOf(ctx, name, () => next.run());
  const source = queuedSource(slot, run, (given) => {
    answer = given;
  });
  const withdraw = async () => {
    next.drop();
    slot.release();
  };
  return pendingFrom<JsonValue>(source, { drop: () => next.drop(), withdraw });
}

/** First the answer of the queue, then the result of the effect. */
function queuedSource(slot: HostSlot, run: Result, onAnswer: (answer: HostSlotAnswer) => void): Source {
  let current = mapped(slot.answer);
  return {
    get result() {
      return current;
    },
    get isQueued() {
      return current !== run;
    },
    continues(value) {
      if (current === run) {
        slot.release();
        return false;
      }
      onAnswer(slot.answered(value as PostedSlotAnswer));
      current = run;
      return true;
    },
  };
}

/** A future result of the journal. Several `Pending`s may share it. */
interface Result {
  readonly tag: symbol;
  readonly promise: restate.RestatePromise<Tagged>;
}

interface Tagged {
  readonly tag: symbol;
  readonly value: unknown;
}

function runOf(ctx: restate.Context, name: string, effect: () => unknown): Result {
  const tag = Symbol(name);
  const action = async () => ({ tag, value: await effect() });
  return { tag, promise: ctx.run<Tagged>(name, action, { serde: taggedJson(tag) }) };
}

/** Serializes the value without its tag. */
function taggedJson(tag: symbol): restate.Serde<Tagged> {
  return {
    contentType: "application/json",
    serialize: ({ value }) => restate.serde.json.serialize(value),
    deserialize: (bytes) => ({ tag, value: json.deserialize(bytes) }),
  };
}

/** Tags a result that has no serializer of its own, or that can fail. */
function mapped<T>(
  promise: restate.RestatePromise<T>,
  read: (value: T | undefined, failure?: restate.TerminalError) => unknown = valueOf,
): Result {
  const tag = Symbol("result");
  return { tag, promise: promise.map((value, failure) => ({ tag, value: read(value, failure) })) };
}

/** What a race waits for on behalf of a `Pending`. */
interface Source {
  readonly result: Result;
  /** True if it waits for a slot. */
  readonly isQueued: boolean;
  /** Receives what `result` has delivered. Returns true if another result follows, which the race must wait for. */
  continues(value: unknown): boolean;
}

interface RestatePending<T> extends Pending<T> {
  readonly source: Source;
  readonly read: (value: unknown) => T;
}

function pendingOf<T>(
  result: Result,
  drop: () => void = () => {},
  withdraw: () => Promise<void> = async () => drop(),
): RestatePending<T> {
  return pendingFrom({ result, isQueued: false, continues: () => false }, { drop, withdraw });
}

function pendingFrom<T>(
  source: Source,
  { drop, withdraw }: Pick<Pending<T>, "drop" | "withdraw">,
): RestatePending<T> {
  const reading = <U>(read: (value: unknown) => U): RestatePending<U> => ({
    source,
    read,
    map: (transform) => reading((value) => transform(read(value))),
    drop,
    withdraw,
  });
  return reading((value) => value as T);
}

function calleeOf({ object, key, handler }: Callee) {
  return { service: object, key, method: handler };
}

const json = restate.serde.json as restate.Serde<JsonValue>;
const jsonInAndOut = { inputSerde: json, outputSerde: json };

function outcomeOf(value: JsonValue | undefined, failure?: restate.TerminalError): Outcome {
  if (failure === undefined) return { ok: true, value: value ?? null };
  const { code, message, metadata = {} } = failure;
  return { ok: false, error: withoutCauses(executionFailureOf({ code, message, metadata })) };
}

/** The driver's effects never fail, so a failure here is the end of the invocation and is rethrown. */
function valueOf<T>(value: T | undefined, failure?: restate.TerminalError): T {
  if (failure !== undefined) throw failure;
  return value as T;
}

function contextInternal(ctx: restate.Context): restate.internal.ContextInternal {
  return ctx as unknown as restate.internal.ContextInternal;
}
