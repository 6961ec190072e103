import { dictionary, domNumber, domString } from "./interface.ts";

export interface QuotaExceededErrorOptions {
  readonly quota?: number;
  readonly requested?: number;
}

/** `QuotaExceededError` of Web IDL, section 2.8.2: a `DOMException` with the quota and the requested amount. */
export class QuotaExceededError extends DOMException {
  readonly #quota: number | null;
  readonly #requested: number | null;

  /** @throws {RangeError} if a number is negative, or if less was requested than the quota */
  constructor(message: unknown = "", ...[options]: [QuotaExceededErrorOptions?]) {
    super(domString(message), "QuotaExceededError");
    const given = dictionary(options, "The options of a QuotaExceededError");
    this.#quota = amount(given.quota, "quota");
    this.#requested = amount(given.requested, "requested");
    if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota)
      throw new RangeError("A QuotaExceededError cannot have a requested that is less than its quota");
  }

  get quota(): number | null {
    return this.#quota;
  }

  get requested(): number | null {
    return this.#requested;
  }
}

function amount(value: number | undefined, name: string): number | null {
  if (value === undefined) return null;
  const number = domNumber(value);
  if (!Number.isFinite(number)) throw new TypeError(`The ${name} of a QuotaExceededError is a finite number`);
  if (number < 0) throw new RangeError(`The ${name} of a QuotaExceededError is 0 or more`);
  return number;
}
