type Callback = (...args: unknown[]) => unknown;
type Start = (callback: Callback, delayMs?: number, ...args: unknown[]) => unknown;

/**
 * A timer handle. In Node, `unref` lets the process exit before the timer fires. A workflow never waits for its
 * timers, because it ends when `run` returns, so `unref` has no effect there. At the top level it cancels the
 * timer, whose only purpose can be maintenance between executions.
 */
export class Timeout {
  #handle: unknown;
  readonly #start: () => unknown;

  constructor(start: Start, callback: Callback, delayMs: number | undefined, args: readonly unknown[]) {
    this.#start = () => start(callback, delayMs, ...args);
    this.#handle = this.#start();
  }
  ref(): this {
    return this;
  }
  unref(): this {
    if (isTopLevel()) this.close();
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  refresh(): this {
    this.close();
    this.#handle = this.#start();
    return this;
  }
  close(): this {
    globalThis.clearTimeout(this.#handle as number);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.#handle as number;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

/** The clock of a workflow is 0 until its execution starts. */
function isTopLevel(): boolean {
  return Date.now() === 0;
}
