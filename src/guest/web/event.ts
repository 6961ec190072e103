import { elapsed } from "../clock.ts";
import { ownWeakMap } from "../primordials.ts";

/** What `EventTarget` keeps of an event on its way. Not part of the platform's interface. */
export interface Dispatch {
  target: object | null;
  active: boolean;
  isTrusted: boolean;
  stopped: boolean;
  inPassiveListener: boolean;
}

const dispatches = ownWeakMap<Event, Dispatch>();

export function dispatchOf(event: Event): Dispatch {
  return dispatches.get(event) as Dispatch;
}

export interface EventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
}

/** `Event` of the DOM standard, without a tree: an event visits its target and nothing else. */
export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = 2;
  static readonly BUBBLING_PHASE = 3;

  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  /** Milliseconds since the execution began. */
  readonly timeStamp = elapsed();
  cancelBubble = false;
  #defaultPrevented = false;

  constructor(type: unknown, init?: EventInit) {
    if (arguments.length === 0) throw new TypeError("An Event needs a type");
    this.type = String(type);
    this.bubbles = Boolean(init?.bubbles);
    this.cancelable = Boolean(init?.cancelable);
    this.composed = Boolean(init?.composed);
    dispatches.set(this, {
      target: null,
      active: false,
      isTrusted: false,
      stopped: false,
      inPassiveListener: false,
    });
  }

  /** True of events that the runtime dispatches itself. */
  get isTrusted(): boolean {
    return dispatchOf(this).isTrusted;
  }

  get target(): object | null {
    return dispatchOf(this).target;
  }

  get srcElement(): object | null {
    return this.target;
  }

  get currentTarget(): object | null {
    return dispatchOf(this).active ? this.target : null;
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
    if (value === false) this.preventDefault();
  }

  composedPath(): object[] {
    return this.currentTarget === null ? [] : [this.currentTarget];
  }

  preventDefault(): void {
    if (this.cancelable && !dispatchOf(this).inPassiveListener) this.#defaultPrevented = true;
  }

  stopPropagation(): void {
    this.cancelBubble = true;
  }

  stopImmediatePropagation(): void {
    this.cancelBubble = true;
    dispatchOf(this).stopped = true;
  }

  get [Symbol.toStringTag](): string {
    return "Event";
  }
}

// The platform has the constants on its prototype too.
for (const [value, name] of ["NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE"].entries()) {
  Object.defineProperty(Event.prototype, name, { value, enumerable: true });
}

export function trustedEvent(type: string): Event {
  const event = new Event(type);
  dispatchOf(event).isTrusted = true;
  return event;
}

export class CustomEvent<T = unknown> extends Event {
  readonly detail: T | null;

  constructor(type: unknown, init?: EventInit & { readonly detail?: T }) {
    super(type, init);
    this.detail = init?.detail ?? null;
  }

  override get [Symbol.toStringTag](): string {
    return "CustomEvent";
  }
}
