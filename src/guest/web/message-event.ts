import { Event, type EventInit } from "./event.ts";

export interface MessageEventInit extends EventInit {
  readonly data?: unknown;
  readonly origin?: string;
  readonly lastEventId?: string;
}

/** `MessageEvent` of the HTML standard: from a `MessagePort`, or from a package that reads server-sent events. */
export class MessageEvent extends Event {
  readonly data: unknown;
  readonly origin: string;
  readonly lastEventId: string;
  readonly source = null;
  readonly ports: readonly never[] = Object.freeze([]);

  constructor(type: unknown, init?: MessageEventInit) {
    super(type, init);
    this.data = init?.data ?? null;
    this.origin = init?.origin ?? "";
    this.lastEventId = init?.lastEventId ?? "";
  }

  override get [Symbol.toStringTag](): string {
    return "MessageEvent";
  }
}
