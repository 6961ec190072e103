/**
 * `EventTarget` of the DOM standard, without a tree. In the engine's version an exception in a listener crashes the
 * instance. Here it fails the execution with the listener's error, as it would end a process in Node.
 */
import { callGuarded } from "../../../host/completion.ts";
import { type Event, dispatchOf } from "./event.ts";
import { domString, assertArguments } from "../../../core/interface.ts";

export type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

interface ListenerOptions {
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  /** Removes the listener when the signal aborts. */
  readonly signal: AbortSource | undefined;
}

interface AbortSource {
  readonly aborted: boolean;
  addEventListener(type: string, listener: () => void): void;
}

interface Registration {
  readonly type: string;
  readonly listener: Listener;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  removed: boolean;
}

export class EventTarget {
  #registrations: Registration[] = [];

  addEventListener(type: unknown, listener: Listener | null, options?: unknown): void {
    assertArguments(arguments.length, 2, "EventTarget.addEventListener");
    void this.#registrations;
    const { capture, once, passive, signal } = readOptions(options);
    if (listener === null || listener === undefined || signal?.aborted) return;
    assertListener(listener);
    const name = domString(type);
    if (this.#find(name, listener, capture) !== undefined) return;
    this.#registrations.push({ type: name, listener, capture, once, passive, removed: false });
    signal?.addEventListener("abort", () => this.removeEventListener(name, listener, capture));
  }

  removeEventListener(type: unknown, listener: Listener | null, options?: unknown): void {
    assertArguments(arguments.length, 2, "EventTarget.removeEventListener");
    if (listener !== undefined) assertListener(listener);
    const found = this.#find(domString(type), listener, captureOf(options));
    if (found !== undefined) this.#remove(found);
  }

  /** @throws {DOMException} `InvalidStateError` while the event is being dispatched */
  dispatchEvent(event: Event): boolean {
    void this.#registrations;
    const dispatch = dispatchOf(event);
    if (dispatch.active) throw new DOMException("The event is being dispatched", "InvalidStateError");
    dispatch.target = this;
    dispatch.active = true;
    for (const registration of this.#registrations.filter(({ type }) => type === event.type)) {
      if (dispatch.stopped) break;
      if (!registration.removed) this.#invoke(registration, event);
    }
    dispatch.active = false;
    dispatch.stopped = false;
    return !event.defaultPrevented;
  }

  get [Symbol.toStringTag](): string {
    return "EventTarget";
  }

  #find(type: string, listener: Listener | null, capture: boolean): Registration | undefined {
    return this.#registrations.find(
      (one) => one.type === type && one.listener === listener && one.capture === capture,
    );
  }

  #remove(registration: Registration): void {
    registration.removed = true;
    this.#registrations = this.#registrations.filter((one) => one !== registration);
  }

  #invoke(registration: Registration, event: Event): void {
    if (registration.once) this.#remove(registration);
    const { listener } = registration;
    dispatchOf(event).inPassiveListener = registration.passive;
    if (typeof listener === "function") callGuarded(listener, this, [event]);
    else callGuarded((it: Event) => listener.handleEvent(it), this, [event]);
    dispatchOf(event).inPassiveListener = false;
  }
}

/** A boolean or `undefined` is the value of `capture`. */
function readOptions(options: unknown): ListenerOptions {
  const given: Partial<Record<keyof ListenerOptions, unknown>> =
    typeof options === "object" && options !== null ? options : { capture: options };
  return {
    capture: captureOf(options),
    once: Boolean(given.once),
    passive: Boolean(given.passive),
    signal: abortSource(given.signal),
  };
}

function captureOf(options: unknown): boolean {
  if (typeof options !== "object" || options === null) return Boolean(options);
  return Boolean((options as { readonly capture?: unknown }).capture);
}

/** @throws {TypeError} if the value is not a signal */
function abortSource(signal: unknown): AbortSource | undefined {
  if (signal === undefined) return undefined;
  if (typeof signal === "object" && signal !== null && "aborted" in signal) return signal as AbortSource;
  throw new TypeError("The signal of an event listener is no AbortSignal");
}

function assertListener(listener: unknown): void {
  if (typeof listener === "function" || typeof listener === "object") return;
  throw new TypeError(`An event listener is a function or an object, not ${typeof listener}`);
}

/**
 * The `on…` attribute of a target. Setting it replaces the previous listener.
 *
 * @returns the getter and setter, which the target must store
 */
export function eventAttribute(
  target: EventTarget,
  type: string,
): { get(): unknown; set(value: unknown): void } {
  let handler: unknown = null;
  const listener = (event: Event): unknown =>
    typeof handler === "function" ? (Reflect.apply(handler, target, [event]) as unknown) : undefined;
  return {
    get: () => handler,
    set: (value) => {
      if (handler === null) target.addEventListener(type, listener);
      handler = typeof value === "function" || typeof value === "object" ? value : null;
      if (handler === null) target.removeEventListener(type, listener);
    },
  };
}
