export const { performance, Performance, PerformanceEntry } = globalThis;

/** Nothing is measured in here that could be observed. */
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
