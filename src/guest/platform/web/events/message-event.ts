import { Event, type EventInit } from "./event.ts";
import { domString, assertArguments } from "../../../core/interface.ts";

export interface MessageEventInit extends EventInit {
  readonly data?: unknown;
  readonly origin?: string;
  readonly lastEventId?: string;
}

/** `MessageEvent` of the HTML standard: from a `MessagePort`, or from a package that reads server-sent events. */
export class MessageEvent extends Event {
  readonly #message: Readonly<Record<"data" | "origin" | "lastEventId", unknown>>;
  readonly #ports: readonly never[] = Object.freeze([]);

  constructor(type: unknown, init?: MessageEventInit) {
    assertArguments(arguments.length, 1, "MessageEvent");
    super(type, init);
    const { data = null, origin = "", lastEventId = "" } = init ?? {};
    this.#message = { data, origin: domString(origin), lastEventId: domString(lastEventId) };
  }

  get data(): unknown {
    return this.#message.data;
  }

  get origin(): string {
    return this.#message.origin as string;
  }

  get lastEventId(): string {
    return this.#message.lastEventId as string;
  }

  get source(): null {
    void this.#message;
    return null;
  }

  get ports(): readonly never[] {
    return this.#ports;
  }

  override get [Symbol.toStringTag](): string {
    return "MessageEvent";
  }
}
