import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../domain/json.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Callee, Journal, Pending } from "../host/journal.ts";
import { executionFailureOf } from "./restate-error.ts";

/**
 * The driver's journal over Restate: whatever is asked of it is one command of the
 * invocation, and `race` answers in the order in which Restate recorded the results.
 *
 * The SDK allows one promise to be awaited at a time and maps results only with its own `map`; both
 * rules stay inside this file. The handler must be declared with `explicitCancellation`.
 */
export function createRestateJournal(ctx: restate.Context): Journal {
  const attemptEnded = ctx.request().attemptCompletedSignal;
  const signals = new Map<string, restate.RestatePromise<JsonValue>>();
  return {
    run(name, effect) {
      const dropped = new AbortController();
      const signal = AbortSignal.any([attemptEnded, dropped.signal]);
      const promise = ctx.run(name, () => orNever(effect(signal), signal));
      return pendingOf<JsonValue>(promise, () => dropped.abort());
    },
    sleep: (name, durationMs) => pendingOf<void>(ctx.sleep(durationMs, name)),
    clock: (name) => pendingOf<number>(ctx.run(name, () => Date.now())),
    signal(name, signal) {
      // A signal leaves no command, so nobody would see the wait: an effect that never runs says it.
      void ctx.run(name, () => null);
      const promise = signals.get(signal) ?? ctx.signal<JsonValue>(signal, json);
      signals.set(signal, promise);
      return pendingOf<JsonValue>(promise);
    },
    call(name, callee, parameter) {
      const promise = ctx.genericCall({ ...calleeOf(callee), name, parameter, ...jsonInAndOut });
      const cancel = async () => ctx.invocation(await promise.invocationId).cancel();
      return pendingOf<Outcome>(promise.map(outcomeOf), undefined, cancel);
    },
    send(name, callee, parameter, delay) {
      const handle = ctx.genericSend({ ...calleeOf(callee), name, parameter, delay, inputSerde: json });
      return pendingOf<string>(handle.invocationId as restate.RestatePromise<restate.InvocationId>);
    },
    cancellation: () => pendingOf<void>(contextInternal(ctx).cancellation()),
    race: async <T>(pending: readonly Pending<T>[]) =>
      restate.RestatePromise.race(pending.map((each) => promiseOf(each))),
  };
}

/**
 * An effect that was aborted has no result. Failing would fail the attempt, and any value would be
 * journaled: one that was dropped because the attempt broke off is wanted by the next attempt.
 */
async function orNever<T>(effect: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    const result = await effect;
    if (!signal.aborted) return result;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return await new Promise<never>(() => {});
}

interface RestatePending<T> extends Pending<T> {
  readonly promise: restate.RestatePromise<T>;
}

function pendingOf<T>(
  promise: restate.RestatePromise<T>,
  drop: () => void = () => {},
  withdraw: () => Promise<void> = async () => drop(),
): RestatePending<T> {
  return {
    promise,
    map: <U>(transform: (value: T) => U) => pendingOf<U>(promise.map(valueThen(transform)), drop, withdraw),
    drop,
    withdraw,
  };
}

function calleeOf({ object, key, handler }: Callee) {
  return { service: object, key, method: handler };
}

const json = restate.serde.json as restate.Serde<JsonValue>;
const jsonInAndOut = { inputSerde: json, outputSerde: json };

function outcomeOf(value: JsonValue | undefined, failure?: restate.TerminalError): Outcome {
  if (failure === undefined) return { ok: true, value: value ?? null };
  const { code, message, metadata = {} } = failure;
  return { ok: false, error: executionFailureOf({ code, message, metadata }) };
}

/** Effects of the driver never fail, so a failure is the end of the invocation: it goes on up. */
function valueThen<T, U>(transform: (value: T) => U) {
  return (value: T | undefined, failure?: restate.TerminalError): U => {
    if (failure !== undefined) throw failure;
    return transform(value as T);
  };
}

function promiseOf<T>(pending: Pending<T>): restate.RestatePromise<T> {
  return (pending as RestatePending<T>).promise;
}

function contextInternal(ctx: restate.Context): restate.internal.ContextInternal {
  return ctx as unknown as restate.internal.ContextInternal;
}
