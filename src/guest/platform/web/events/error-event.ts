import { Event, type EventInit } from "./event.ts";
import { dictionary, domNumber, domString, assertArguments } from "../../../core/interface.ts";

export interface ErrorEventInit extends EventInit {
  readonly message?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly colno?: number;
  readonly error?: unknown;
}

type Details = Readonly<Record<"message" | "filename", string> & Record<"lineno" | "colno", number>>;

/** `ErrorEvent` of the HTML standard, for packages that dispatch it. */
export class ErrorEvent extends Event {
  readonly #details: Details;
  readonly #error: unknown;

  constructor(type: unknown, ...[init]: [ErrorEventInit?]) {
    assertArguments(arguments.length, 1, "ErrorEvent");
    super(type, init);
    const given = dictionary(init, "The options of an event");
    const { message = "", filename = "", lineno = 0, colno = 0, error } = given;
    this.#details = {
      message: domString(message),
      filename: domString(filename),
      lineno: domNumber(lineno) >>> 0,
      colno: domNumber(colno) >>> 0,
    };
    this.#error = error;
  }

  get message(): string {
    return this.#details.message;
  }

  get filename(): string {
    return this.#details.filename;
  }

  get lineno(): number {
    return this.#details.lineno;
  }

  get colno(): number {
    return this.#details.colno;
  }

  get error(): unknown {
    return this.#error;
  }
}
