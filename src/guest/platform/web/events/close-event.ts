import { Event, type EventInit } from "./event.ts";
import { dictionary, domNumber, domString, assertArguments } from "../../../core/interface.ts";

export interface CloseEventInit extends EventInit {
  readonly wasClean?: boolean;
  readonly code?: number;
  readonly reason?: string;
}

/** `CloseEvent` of the WebSockets standard, for packages that implement its interface over something else. */
export class CloseEvent extends Event {
  readonly #wasClean: boolean;
  readonly #code: number;
  readonly #reason: string;

  constructor(type: unknown, ...[init]: [CloseEventInit?]) {
    assertArguments(arguments.length, 1, "CloseEvent");
    super(type, init);
    const { wasClean, code = 0, reason = "" } = dictionary(init, "The options of an event");
    this.#wasClean = Boolean(wasClean);
    this.#code = domNumber(code) & 0xff_ff;
    this.#reason = domString(reason);
  }

  get wasClean(): boolean {
    return this.#wasClean;
  }

  get code(): number {
    return this.#code;
  }

  get reason(): string {
    return this.#reason;
  }
}
