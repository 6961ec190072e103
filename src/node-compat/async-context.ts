/**
 * Carries the values of AsyncLocalStorage across `await`, for which the engine has no hook. In a bundle with this
 * module, async functions are compiled to generators that are driven by `Promise.prototype.then` (`bundle.ts`).
 * `then`, the timers and `queueMicrotask` run their callbacks in the context in which they were called.
 */
type Context = ReadonlyMap<object, unknown>;
type Fn = (...args: unknown[]) => unknown;

let current: Context = new Map();

export function currentContext(): Context {
  return current;
}

export function enterContext(context: Context): void {
  current = context;
}

export function runInContext<T>(context: Context, fn: () => T): T {
  const before = current;
  current = context;
  try {
    return fn();
  } finally {
    current = before;
  }
}

function bound(callback: unknown): unknown {
  if (typeof callback !== "function") return callback;
  const context = current;
  return function inContext(this: unknown, ...args: unknown[]) {
    return runInContext(context, () => (callback as Fn).apply(this, args));
  };
}

// oxlint-disable-next-line typescript/unbound-method -- applied to promises below
const then = Promise.prototype.then;

// oxlint-disable-next-line unicorn/no-thenable -- it replaces the existing method
void Object.defineProperty(Promise.prototype, "then", {
  value(this: Promise<unknown>, onFulfilled: unknown, onRejected: unknown) {
    return Reflect.apply(then, this, [bound(onFulfilled), bound(onRejected)]) as unknown;
  },
  writable: true,
  configurable: true,
});

for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"] as const) {
  const schedule = globalThis[name] as unknown as Fn;
  const value = (callback: unknown, ...args: unknown[]) => schedule(bound(callback), ...args);
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
