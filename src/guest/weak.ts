/**
 * `WeakRef` and `FinalizationRegistry` that never let collection be seen: when the engine collects depends on
 * more than what a replay repeats.
 */

/** Holds its target strongly. */
export class WeakRef<T extends WeakKey> {
  readonly #target: T;

  constructor(target: T) {
    requireWeakKey(target, "WeakRef: the target");
    this.#target = target;
  }

  deref(): T {
    return this.#target;
  }

  get [Symbol.toStringTag](): string {
    return "WeakRef";
  }
}

/** Never calls back. */
export class FinalizationRegistry<T> {
  readonly #tokens = new WeakSet();

  constructor(cleanup: (held: T) => void) {
    if (typeof cleanup !== "function")
      throw new TypeError("FinalizationRegistry: the callback is no function");
  }

  register(target: WeakKey, _held: T, token?: WeakKey): void {
    requireWeakKey(target, "FinalizationRegistry: the target");
    if (token !== undefined) this.#tokens.add(token);
  }

  unregister(token: WeakKey): boolean {
    requireWeakKey(token, "FinalizationRegistry: the token");
    return this.#tokens.delete(token);
  }

  get [Symbol.toStringTag](): string {
    return "FinalizationRegistry";
  }
}

function requireWeakKey(value: unknown, what: string): void {
  const isKey =
    (typeof value === "object" && value !== null) || ["function", "symbol"].includes(typeof value);
  if (!isKey) throw new TypeError(`${what} is neither an object nor a symbol`);
}
