/**
 * `AbortController` and `AbortSignal` of the DOM standard. In the engine's own, `any` never aborts, and
 * `timeout` and `throwIfAborted` end the instance.
 */
import { NativePromise, ownWeakMap } from "../../../core/primordials.ts";
import { setTimeout } from "../../../host/timers.ts";
import { trustedEvent } from "./event.ts";
import { EventTarget, eventAttribute } from "./event-target.ts";
import { domNumber } from "../../../core/interface.ts";

interface AbortState {
  aborted: boolean;
  reason: unknown;
  /** What is done before the listeners are called. */
  readonly algorithms: Set<(reason: unknown) => void>;
  /** Made by `any` of this one, in the order in which they were made. */
  readonly followers: Set<AbortSignal>;
  /** What it follows itself: none of these follows another. */
  readonly sources: Set<AbortSignal>;
}

const states = ownWeakMap<object, AbortState>();

/** Signals are not made by `new AbortSignal()`, only with this. */
const maker = Symbol("maker");

export class AbortSignal extends EventTarget {
  readonly #onabort = eventAttribute(this, "abort");

  constructor(key?: unknown) {
    super();
    if (key !== maker) throw new TypeError("An AbortSignal is made by an AbortController, or by its statics");
    states.set(this, {
      aborted: false,
      reason: undefined,
      algorithms: new Set(),
      followers: new Set(),
      sources: new Set(),
    });
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal(maker);
    abortWith(signal, reason);
    return signal;
  }

  /** Aborts with a `TimeoutError`. The time is a durable timer, like that of `setTimeout`. */
  static timeout(delayMs: unknown): AbortSignal {
    if (arguments.length === 0 || !(domNumber(delayMs) >= 0))
      throw new TypeError("AbortSignal.timeout takes milliseconds, 0 or more");
    const signal = new AbortSignal(maker);
    setTimeout(() => abortWith(signal, new DOMException("The operation timed out", "TimeoutError")), delayMs);
    return signal;
  }

  /** Aborts as soon as one of `signals` does, with its reason. */
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    return signalFollowing(Array.from(requireIterable(signals), requireSignal));
  }

  get aborted(): boolean {
    return stateOf(this).aborted;
  }

  get reason(): unknown {
    return stateOf(this).reason;
  }

  get onabort(): unknown {
    return this.#onabort.get();
  }

  set onabort(handler: unknown) {
    this.#onabort.set(handler);
  }

  throwIfAborted(): void {
    const { aborted, reason } = stateOf(this);
    if (aborted) throw reason;
  }

  override get [Symbol.toStringTag](): string {
    return "AbortSignal";
  }
}

export class AbortController {
  readonly #signal = new AbortSignal(maker);

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason?: unknown): void {
    abortWith(this.#signal, reason);
  }

  get [Symbol.toStringTag](): string {
    return "AbortController";
  }
}

/** A signal that aborts with the first of `sources` that does. */
export function signalFollowing(sources: readonly AbortSignal[]): AbortSignal {
  const signal = new AbortSignal(maker);
  const aborted = sources.find((source) => source.aborted);
  if (aborted !== undefined) abortWith(signal, aborted.reason);
  else for (const source of sources) follow(signal, source);
  return signal;
}

function requireIterable(signals: unknown): Iterable<AbortSignal> {
  if (typeof signals === "object" && signals !== null && Symbol.iterator in signals)
    return signals as Iterable<AbortSignal>;
  throw new TypeError("AbortSignal.any takes a list of signals");
}

/** A signal that follows others itself is followed by following those. */
function follow(follower: AbortSignal, source: AbortSignal): void {
  const { sources } = stateOf(source);
  for (const root of sources.size === 0 ? [source] : sources) {
    stateOf(root).followers.add(follower);
    stateOf(follower).sources.add(root);
  }
}

/**
 * Calls `algorithm` once, before the signal's listeners, when it aborts.
 *
 * @returns stops that
 */
function whenAborted(signal: AbortSignal, algorithm: (reason: unknown) => void): () => void {
  const { algorithms } = stateOf(signal);
  algorithms.add(algorithm);
  return () => void algorithms.delete(algorithm);
}

/**
 * What `promise` gives, unless `signal` aborts first: then its reason, as a rejection.
 *
 * @param onAbort called before that
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  onAbort: () => unknown = () => {},
): Promise<T> {
  if (signal === neverAborted) return promise;
  return new NativePromise<T>((resolve, reject) => {
    const stop = whenAborted(signal, (reason) => {
      onAbort();
      reject(reason);
    });
    void passOn(promise, resolve, reject, stop);
  });
}

async function passOn<T>(
  promise: Promise<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
  onSettled: () => void,
): Promise<void> {
  try {
    resolve(await promise);
  } catch (error) {
    reject(error);
  }
  onSettled();
}

/**
 * The signal of an `{signal}` option, `undefined` where there is none. A signal of another making, as packages
 * bring one, is followed by one of ours.
 *
 * @throws {TypeError} where it is no signal at all
 */
export function signalOf(option: unknown): AbortSignal | undefined {
  return option === undefined || option === null ? undefined : requireSignal(option);
}

/** A signal that nobody can abort: that of every request which was given none. */
export const neverAborted = new AbortSignal(maker);

function requireSignal(value: unknown): AbortSignal {
  if (value instanceof AbortSignal) return value;
  if (!isForeignSignal(value)) throw new TypeError("The signal is no AbortSignal");
  const { signal, abort } = followed(value);
  if (value.aborted) abort();
  else value.addEventListener("abort", abort);
  return signal;
}

interface ForeignSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
}

function isForeignSignal(value: unknown): value is ForeignSignal {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener } = value as Partial<ForeignSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

function followed(source: ForeignSignal): { signal: AbortSignal; abort: () => void } {
  const signal = new AbortSignal(maker);
  return { signal, abort: () => abortWith(signal, source.reason) };
}

/** Signals that follow this one abort with it, before the listeners of any of them are called, and call theirs after its own. */
function abortWith(signal: AbortSignal, given: unknown): void {
  const state = stateOf(signal);
  if (state.aborted) return;
  const reason = given === undefined ? new DOMException("This operation was aborted", "AbortError") : given;
  const followers = [...state.followers].filter((follower) => !stateOf(follower).aborted);
  for (const one of [signal, ...followers]) Object.assign(stateOf(one), { aborted: true, reason });
  for (const one of [signal, ...followers]) notifyAbort(one);
}

function notifyAbort(signal: AbortSignal): void {
  const { algorithms, reason } = stateOf(signal);
  for (const algorithm of algorithms) algorithm(reason);
  algorithms.clear();
  signal.dispatchEvent(trustedEvent("abort"));
}

function stateOf(signal: AbortSignal): AbortState {
  const state = states.get(signal);
  if (state === undefined) throw new TypeError("This is no AbortSignal");
  return state;
}
