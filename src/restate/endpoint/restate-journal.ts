import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { withoutCauses } from "../../domain/outcome.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Callee, Journal, Pending } from "../../host/journal.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import { forwardedTraceparent } from "../../journal/trace-header.ts";
import type { AttemptEffects } from "./attempt-effects.ts";
import type { SendThrottle } from "./send-throttle.ts";

/**
 * The journal over Restate: the implementation of the driver's port `Journal` on the context of one attempt.
 *
 * It owns the commands of the attempt. Effects belong to `AttemptEffects`, and the rate of sends to `SendThrottle`.
 *
 * Invariants:
 *
 * 1. Each call is exactly one command of the invocation, and the commands are in the order of the calls.
 * 2. `race` returns results in the order in which Restate recorded them, so a replay returns the same ones.
 * 3. At most one promise of the SDK is awaited at a time, as the SDK requires.
 * 4. A journaled value is exactly what the effect returned. Tags are not part of it.
 *
 * `RestatePromise.race` does not report which promise won, and the SDK visits every outstanding promise, and every `map`
 * of it, for each result. So each result is tagged as it is read, and the transformations of a `Pending` run here, after
 * the race. The handler must be declared with `explicitCancellation`.
 */
export function createRestateJournal(
  ctx: restate.Context,
  effects: AttemptEffects,
  throttle: SendThrottle,
): Journal {
  const headers = forwardedTraceparent(ctx.request());
  const signals = new Map<string, restate.RestatePromise<JsonValue>>();
  return {
    run(name, effect) {
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
    async race<T>(pending: readonly Pending<T>[]) {
      const racing = pending as readonly RestatePending<T>[];
      const first = restate.RestatePromise.race(racing.map(({ result }) => result.promise));
      const { tag, value } = await effects.orInterrupted(first);
      const winner = racing.find(({ result }) => result.tag === tag);
      if (winner === undefined) throw new Error("Race resolved with an unknown promise");
      return winner.read(value);
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

interface RestatePending<T> extends Pending<T> {
  readonly result: Result;
  readonly read: (value: unknown) => T;
}

function pendingOf<T>(
  result: Result,
  drop: () => void = () => {},
  withdraw: () => Promise<void> = async () => drop(),
): RestatePending<T> {
  const reading = <U>(read: (value: unknown) => U): RestatePending<U> => ({
    result,
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
