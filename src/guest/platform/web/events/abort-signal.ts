/**
 * `AbortController` and `AbortSignal` of the DOM standard. In the engine's versions, `any` never aborts, and
 * `timeout` and `throwIfAborted` crash the instance.
 */
import { NativePromise, ownWeakMap } from "../../../core/primordials.ts";
import { setTimeout } from "../../../host/timers.ts";
import { trustedEvent } from "./event.ts";
import { EventTarget, eventAttribute } from "./event-target.ts";
import { domNumber } from "../../../core/interface.ts";

interface AbortState {
  aborted: boolean;
  reason: unknown;
  /** Callbacks that run before the listeners are called. */
  readonly algorithms: Set<(reason: unknown) => void>;
  /** Signals that `any` made from this one, in the order of their creation. */
  readonly followers: Set<AbortSignal>;
  /** The signals that this one follows, none of which follows another. */
  readonly sources: Set<AbortSignal>;
}

const states = ownWeakMap<object, AbortState>();

/** Required by the constructor, so that a workflow cannot call `new AbortSignal()`. */
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

  /** Aborts with a `TimeoutError`. The delay is a durable timer, like that of `setTimeout`. */
  static timeout(delayMs: unknown): AbortSignal {
    if (arguments.length === 0 || !(domNumber(delayMs) >= 0))
      throw new TypeError("AbortSignal.timeout takes milliseconds, 0 or more");
    const signal = new AbortSignal(maker);
    setTimeout(() => abortWith(signal, new DOMException("The operation timed out", "TimeoutError")), delayMs);
    return signal;
  }

  /** Aborts when the first of `signals` does, with the same reason. */
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

/** A signal that aborts when the first of `sources` does. */
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

/** If the source follows other signals, the follower follows those directly. */
function follow(follower: AbortSignal, source: AbortSignal): void {
  const { sources } = stateOf(source);
  for (const root of sources.size === 0 ? [source] : sources) {
    stateOf(root).followers.add(follower);
    stateOf(follower).sources.add(root);
  }
}

/**
 * Calls `algorithm` once when the signal aborts, before its listeners.
 *
 * @returns a function that removes it
 */
function whenAborted(signal: AbortSignal, algorithm: (reason: unknown) => void): () => void {
  const { algorithms } = stateOf(signal);
  algorithms.add(algorithm);
  return () => void algorithms.delete(algorithm);
}

/**
 * Settles like `promise`, or rejects with the reason of `signal` if that aborts first.
 *
 * @param onAbort called before the rejection
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
 * The signal of an `{signal}` option, or `undefined` if the option is not set. A signal of another implementation,
 * which a package may bring, is followed by one of this class.
 *
 * @throws {TypeError} if the option is not a signal
 */
export function signalOf(option: unknown): AbortSignal | undefined {
  return option === undefined || option === null ? undefined : requireSignal(option);
}

/** A signal that never aborts: the default of every request without a signal. */
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

/**
 * The followers abort too, before any listener is called. Their listeners are called after those of this signal.
 */
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
