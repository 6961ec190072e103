import { elapsed } from "../../../core/clock.ts";
import { ownWeakMap } from "../../../core/primordials.ts";
import { dictionary, domString, assertArguments } from "../../../core/interface.ts";

/** The state of an event while `EventTarget` dispatches it. It is not part of the platform's interface. */
export interface Dispatch {
  target: object | null;
  active: boolean;
  isTrusted: boolean;
  stopped: boolean;
  inPassiveListener: boolean;
}

const dispatches = ownWeakMap<Event, Dispatch>();

/** @throws {TypeError} if the value is not an event */
export function dispatchOf(event: Event): Dispatch {
  const dispatch = dispatches.get(event);
  if (dispatch === undefined) throw new TypeError("This is no Event");
  return dispatch;
}

export interface EventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
}

/** `Event` of the DOM standard, without a tree: an event visits only its target. */
export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = 2;
  static readonly BUBBLING_PHASE = 3;

  #type: string;
  #init: Required<EventInit>;
  readonly #timeStamp = elapsed();
  #isStopped = false;
  #defaultPrevented = false;

  constructor(type: unknown, init?: EventInit) {
    assertArguments(arguments.length, 1, "Event");
    const { bubbles, cancelable, composed } = dictionary(init, "The options of an event");
    this.#type = domString(type);
    this.#init = {
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      composed: Boolean(composed),
    };
    dispatches.set(this, {
      target: null,
      active: false,
      isTrusted: false,
      stopped: false,
      inPassiveListener: false,
    });
  }

  get type(): string {
    return this.#type;
  }

  get bubbles(): boolean {
    return this.#init.bubbles;
  }

  get cancelable(): boolean {
    return this.#init.cancelable;
  }

  get composed(): boolean {
    return this.#init.composed;
  }

  /** Milliseconds since the execution started. */
  get timeStamp(): number {
    return this.#timeStamp;
  }

  get cancelBubble(): boolean {
    return this.#isStopped;
  }

  set cancelBubble(value: unknown) {
    if (value) this.stopPropagation();
  }

  /** The legacy alternative to the constructor. */
  initEvent(type: unknown, bubbles: unknown = false, cancelable: unknown = false): void {
    assertArguments(arguments.length, 1, "Event.initEvent");
    if (dispatchOf(this).active) return;
    this.#type = domString(type);
    this.#init = {
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      composed: this.#init.composed,
    };
  }

  /** True for events that the runtime dispatches itself. */
  get isTrusted(): boolean {
    return dispatchOf(this).isTrusted;
  }

  get target(): object | null {
    return dispatchOf(this).target;
  }

  get srcElement(): object | null {
    return dispatchOf(this).target;
  }

  get currentTarget(): object | null {
    return dispatchOf(this).active ? dispatchOf(this).target : null;
  }

  get eventPhase(): number {
    return dispatchOf(this).active ? Event.AT_TARGET : Event.NONE;
  }

  get defaultPrevented(): boolean {
    return this.#defaultPrevented;
  }

  get returnValue(): boolean {
    return !this.#defaultPrevented;
  }

  set returnValue(value: unknown) {
    const isPrevented = this.#defaultPrevented;
    if (!isPrevented && !value) this.preventDefault();
  }

  composedPath(): object[] {
    const { active, target } = dispatchOf(this);
    return active && target !== null ? [target] : [];
  }

  preventDefault(): void {
    if (this.#init.cancelable && !dispatchOf(this).inPassiveListener) this.#defaultPrevented = true;
  }

  stopPropagation(): void {
    this.#isStopped = true;
  }

  stopImmediatePropagation(): void {
    this.#isStopped = true;
    dispatchOf(this).stopped = true;
  }

  get [Symbol.toStringTag](): string {
    return "Event";
  }
}

// The platform defines the constants on the prototype as well.
for (const [value, name] of ["NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE"].entries()) {
  Object.defineProperty(Event.prototype, name, { value, enumerable: true });
}

export function trustedEvent(type: string): Event {
  const event = new Event(type);
  dispatchOf(event).isTrusted = true;
  return event;
}

export class CustomEvent<T = unknown> extends Event {
  readonly #detail: T | null;

  constructor(type: unknown, init?: EventInit & { readonly detail?: T }) {
    assertArguments(arguments.length, 1, "CustomEvent");
    super(type, init);
    this.#detail = init?.detail ?? null;
  }

  get detail(): T | null {
    return this.#detail;
  }

  override get [Symbol.toStringTag](): string {
    return "CustomEvent";
  }
}
