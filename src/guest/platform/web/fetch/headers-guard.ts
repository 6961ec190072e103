import { ownWeakMap } from "../../../core/primordials.ts";
import { domString } from "../../../core/interface.ts";

/** Immutable headers: those of received responses, of errors and of redirects. */
const immutable = ownWeakMap<Headers, true>();
// oxlint-disable-next-line typescript/unbound-method -- applied to headers below
const { append, set, delete: remove, get } = Headers.prototype;

export function makeImmutable(headers: Headers): Headers {
  immutable.set(headers, true);
  return headers;
}

export function isImmutable(headers: Headers): boolean {
  return immutable.has(headers);
}

/**
 * Replacements of the engine's methods, with the guard of the Fetch standard, section 5.1, and with cookies joined
 * like `Cookie` headers.
 */
export const guardedHeaders = {
  append(this: Headers, name: string, value: string): void {
    assertMutable(this, "append");
    const isCookie = domString(name).toLowerCase() === "cookie";
    const before = isCookie ? Reflect.apply(get, this, [name]) : null;
    if (before === null) Reflect.apply(append, this, arguments);
    else Reflect.apply(set, this, [name, `${before}; ${value}`]);
  },
  set(this: Headers, _name: string, _value: string): void {
    assertMutable(this, "set");
    Reflect.apply(set, this, arguments);
  },
  delete(this: Headers, _name: string): void {
    assertMutable(this, "delete");
    Reflect.apply(remove, this, arguments);
  },
};

function assertMutable(headers: Headers, method: string): void {
  if (immutable.has(headers)) {
    throw new TypeError(
      `Headers.${method}: the headers of this response cannot be changed: copy them with new Headers()`,
    );
  }
}
