/**
 * `WeakRef` and `FinalizationRegistry` that never reveal garbage collection, whose time a replay does not
 * reproduce.
 */

/** Holds its target strongly. */
export class WeakRef<T extends WeakKey> {
  readonly #target: T;

  constructor(target: T) {
    assertWeakKey(target, "WeakRef: the target");
    inherit(this, new.target, WeakRef);
    this.#target = target;
  }

  deref(): T {
    return this.#target;
  }
}

/** Never calls its callback. */
export class FinalizationRegistry<T> {
  readonly #tokens = new WeakSet();

  constructor(cleanup: (held: T) => void) {
    if (typeof cleanup !== "function")
      throw new TypeError("FinalizationRegistry: the callback is no function");
    inherit(this, new.target, FinalizationRegistry);
  }

  register(target: WeakKey, held: T, ...[token]: [token?: WeakKey]): void {
    const tokens = this.#tokens;
    assertWeakKey(target, "FinalizationRegistry: the target");
    if (Object.is(target, held))
      throw new TypeError("FinalizationRegistry: the target cannot be the held value");
    if (token === undefined) return;
    assertWeakKey(token, "FinalizationRegistry: the token");
    tokens.add(token);
  }

  unregister(token: WeakKey): boolean {
    const tokens = this.#tokens;
    assertWeakKey(token, "FinalizationRegistry: the token");
    return tokens.delete(token);
  }
}

// Bundling renames classes that refer to their own names.
for (const [name, made] of Object.entries({ WeakRef, FinalizationRegistry })) {
  Object.defineProperty(made, "name", { value: name, configurable: true });
  Object.defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/**
 * A constructor whose `prototype` is not an object creates objects of the class itself (ECMA-262,
 * GetPrototypeFromConstructor).
 */
function inherit(
  made: object,
  constructor: { readonly prototype: unknown },
  own: { readonly prototype: object },
): void {
  const { prototype } = constructor;
  const isObject = (typeof prototype === "object" && prototype !== null) || typeof prototype === "function";
  if (!isObject) Object.setPrototypeOf(made, own.prototype);
}

/** ECMA-262, CanBeHeldWeakly. */
function assertWeakKey(value: unknown, what: string): void {
  if (typeof value === "symbol" && Symbol.keyFor(value) !== undefined)
    throw new TypeError(`${what} is a symbol of the registry`);
  const isKey =
    (typeof value === "object" && value !== null) || ["function", "symbol"].includes(typeof value);
  if (!isKey) throw new TypeError(`${what} is neither an object nor a symbol`);
}
