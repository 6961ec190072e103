import { setTimeout } from "../../../host/timers.ts";
import type { Event } from "./event.ts";
import { EventTarget } from "./event-target.ts";
import { MessageEvent } from "./message-event.ts";

type Handler = ((event: Event) => unknown) | null;

let join: (one: MessagePort, other: MessagePort) => void;

/** One port of a `MessageChannel`. Messages are tasks of the same turn, like `setTimeout(f, 0)`. */
export class MessagePort extends EventTarget {
  #peer: MessagePort | undefined;
  #handler: Handler = null;
  /** Messages that arrived before `start`. */
  #waiting: unknown[] | undefined = [];

  static {
    join = (one, other) => {
      one.#peer = other;
      other.#peer = one;
    };
  }

  get onmessage(): Handler {
    return this.#handler;
  }

  set onmessage(handler: Handler) {
    this.removeEventListener("message", this.#handler);
    this.#handler = handler;
    this.addEventListener("message", handler);
    this.start();
  }

  /** The receiver gets a clone. @throws {DOMException} `DataCloneError` */
  postMessage(data: unknown, options?: readonly Transferable[] | StructuredSerializeOptions | null): void {
    const transfer = [...(isList(options) ? options : (options?.transfer ?? []))];
    const message: unknown = structuredClone(data, { transfer });
    if (this.#peer !== undefined) this.#peer.#receive(message);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.#receive(data);
  }

  close(): void {
    this.#peer = undefined;
  }

  #receive(data: unknown): void {
    if (this.#waiting !== undefined) this.#waiting.push(data);
    else setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })), 0);
  }
}

function isList(options: unknown): options is readonly Transferable[] {
  return typeof options === "object" && options !== null && Symbol.iterator in options;
}

/** `MessageChannel`, which packages use to schedule tasks. */
export class MessageChannel {
  readonly port1 = new MessagePort();
  readonly port2 = new MessagePort();

  constructor() {
    join(this.port1, this.port2);
  }
}
