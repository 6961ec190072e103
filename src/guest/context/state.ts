/** `ctx.state`: values that all executions of one workflow share. The host stores them. */
import { maxStateKeyLength, maxStateValueBytes } from "../../domain/limits.ts";
import { now } from "../core/clock.ts";
import { encodeText } from "../core/encoding.ts";
import { callHost } from "../host/host-calls.ts";
import { randomPart } from "../core/random.ts";
import { toStrictJson } from "../core/result.ts";
import { signalOf, untilAborted } from "../platform/web/events/abort-signal.ts";
import type { JsonValue, SignalOption, WorkflowState } from "@duranium/workflow";

/** The value that the host stores under a key. `revision` is `null` if no value is stored. */
interface Kept {
  readonly value?: JsonValue;
  readonly revision: string | null;
}

export const workflowState: WorkflowState = Object.freeze({
  get: async (key: string, options?: SignalOption) =>
    ((await ask({ action: "get", key: keyOf(key) }, options)) as Kept).value,
  set: async (key: string, value: unknown, options?: SignalOption) => {
    await ask({ action: "set", key: keyOf(key), value: requireJson(key, value) }, options);
  },
  delete: async (key: string, options?: SignalOption) => {
    await ask({ action: "delete", key: keyOf(key) }, options);
  },
  keys: async (options?: SignalOption) => (await ask({ action: "keys" }, options)) as string[],
  update,
} as WorkflowState);

/**
 * A round fails only if another execution's update succeeds first. Without a random pause, all of many concurrent
 * updates would fail again and again against the next one that succeeds.
 */
async function update(
  key: string,
  change: (value: JsonValue | undefined) => unknown,
  options?: SignalOption,
): Promise<unknown> {
  if (typeof change !== "function") throw new TypeError("ctx.state.update takes a key and a function");
  for (let refusals = 0; ; refusals += 1) {
    const kept = (await ask({ action: "get", key: keyOf(key) }, options)) as Kept;
    const next = await change(kept.value);
    const value = next === undefined ? {} : { value: requireJson(key, next) };
    const askedAt = now();
    const refused = await ask({ action: "update", key, revision: kept.revision, ...value }, options);
    if (refused === null) return next;
    await operate("sleep", { durationMs: pauseAfter(refusals, now() - askedAt) }, options);
  }
}

const shortestWindowMs = 50;
const longestWindowMs = 20_000;

/**
 * The longer the queue of updates was, the longer the interval over which the failed ones spread.
 *
 * @param waitedMs how long the update was queued before it was rejected
 */
function pauseAfter(refusals: number, waitedMs: number): number {
  const windowMs = Math.max(shortestWindowMs, 2 * waitedMs) * 1.5 ** refusals;
  return Math.ceil(Math.min(windowMs, longestWindowMs) * randomPart());
}

async function ask(args: object, options: SignalOption | undefined): Promise<unknown> {
  return await operate("state", args, options);
}

async function operate(operation: string, args: object, options: SignalOption | undefined): Promise<unknown> {
  const signal = signalOf(options?.signal);
  signal?.throwIfAborted();
  const { answer, abandon } = callHost(operation, args);
  const { value } = await (signal === undefined ? answer : untilAborted(answer, signal, abandon));
  return value;
}

function keyOf(key: string): string {
  if (typeof key !== "string" || key === "")
    throw new TypeError(`A key of ctx.state is a text of 1 to ${maxStateKeyLength} characters`);
  if (key.length <= maxStateKeyLength) return key;
  throw tooLarge(`A key of ctx.state has ${key.length} characters`, { maxStateKeyLength });
}

function requireJson(key: string, value: unknown): unknown {
  const json = toStrictJson(value, "value", `The value of ctx.state "${key}"`);
  if (json === undefined) throw new TypeError(`The value of ctx.state "${key}" is not JSON`);
  const { length } = encodeText(json);
  if (length <= maxStateValueBytes) return value;
  throw tooLarge(`The value of ctx.state "${key}" has ${length} bytes`, {
    stateValueBytes: maxStateValueBytes,
  });
}

function tooLarge(what: string, limit: Readonly<Record<string, number>>): RangeError {
  const [[name, value] = []] = Object.entries(limit);
  const error = new RangeError(`${what}, and the limit is ${value} (${name})`);
  return Object.assign(error, { code: "limit-exceeded" });
}
