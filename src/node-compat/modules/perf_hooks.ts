export const { performance, Performance, PerformanceEntry } = globalThis;

/** Never reports an entry, because nothing in the sandbox is measured. */
export class PerformanceObserver {
  static readonly supportedEntryTypes: readonly string[] = [];
  observe(): void {}
  disconnect(): void {}
  takeRecords(): readonly object[] {
    return [];
  }
}

export const eventLoopUtilization = (): object => ({ idle: 0, active: 0, utilization: 0 });
export const timerify = <F>(fn: F): F => fn;
