/**
 * `node:async_hooks`. Bundles with an AsyncLocalStorage are compiled so that its value is kept across `await`:
 * `async-context.ts`.
 */
import { currentContext, enterContext, runInContext } from "../async-context.ts";

type Fn = (...args: unknown[]) => unknown;

export class AsyncLocalStorage {
  static bind<F extends Fn>(fn: F): F {
    return AsyncResource.bind(fn);
  }
  static snapshot(): (fn: Fn, ...args: unknown[]) => unknown {
    const context = currentContext();
    return (fn, ...args) => runInContext(context, () => fn(...args));
  }
  readonly #defaultValue: unknown;
  #isEnabled = true;

  constructor({ defaultValue }: { readonly defaultValue?: unknown } = {}) {
    this.#defaultValue = defaultValue;
  }
  getStore(): unknown {
    const context = currentContext();
    return this.#isEnabled && context.has(this) ? context.get(this) : this.#defaultValue;
  }
  run(store: unknown, fn: Fn, ...args: unknown[]): unknown {
    this.#isEnabled = true;
    return runInContext(new Map(currentContext()).set(this, store), () => fn(...args));
  }
  exit(fn: Fn, ...args: unknown[]): unknown {
    return this.run(undefined, fn, ...args);
  }
  enterWith(store: unknown): void {
    this.#isEnabled = true;
    enterContext(new Map(currentContext()).set(this, store));
  }
  disable(): void {
    this.#isEnabled = false;
  }
}

export class AsyncResource {
  static bind<F extends Fn>(fn: F): F {
    const context = currentContext();
    return function bound(this: unknown, ...args: unknown[]) {
      return runInContext(context, () => fn.apply(this, args));
    } as F;
  }
  readonly #context = currentContext();
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
  runInAsyncScope(fn: Fn, self?: unknown, ...args: unknown[]): unknown {
    return runInContext(this.#context, () => fn.apply(self, args));
  }
  bind<F extends Fn>(fn: F): F {
    return runInContext(this.#context, () => AsyncResource.bind(fn));
  }
  emitDestroy(): this {
    return this;
  }
  asyncId(): number {
    return 0;
  }
  triggerAsyncId(): number {
    return 0;
  }
}

/** Hooks into the engine are accepted, and never called. */
export const createHook = (): object => {
  const hook = { enable: () => hook, disable: () => hook };
  return hook;
};
export const executionAsyncId = (): number => 0;
export const triggerAsyncId = (): number => 0;
export const executionAsyncResource = (): object => ({});
