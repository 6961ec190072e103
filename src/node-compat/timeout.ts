type Callback = (...args: unknown[]) => unknown;
type Start = (callback: Callback, delayMs?: number, ...args: unknown[]) => unknown;

/**
 * A handle of a timer. `unref` says that nothing should wait for the timer, and a workflow never waits for one: it ends
 * when `run` returns. At the top level such a timer is given up, as it could only keep house between executions.
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

/** The clock of a workflow begins with its execution. */
function isTopLevel(): boolean {
  return Date.now() === 0;
}
