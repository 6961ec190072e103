import type { ExecutorReport } from "../api/contract/services.ts";
import type { ExecutorLoad, MetricJson } from "./metrics.ts";

/**
 * What the executors of an installation do, as each reports it every few seconds. Nothing is stored: an API knows the executors that
 * have reported lately. Executors and APIs that share only SQLite have no way to tell each other.
 */
export interface ExecutorReports {
  /** Tells the APIs about the executor processes of this machine, by their numbers. */
  report(loads: ReadonlyMap<number, ExecutorLoad>): void;
  /** Those that have reported lately, by name. */
  list(): readonly ExecutorReport[];
}

/** Notices that reach all processes of the installation. */
export interface ExecutorNotices {
  publish(topic: "executors", key: string): void;
  /** @param listener called without a key if notices may have been missed */
  subscribe(topic: "executors", listener: (key: string | undefined) => void): Disposable;
}

export const reportIntervalMs = 5_000;
/** An executor that has missed two reports is gone. */
const reportAgeMs = 3 * reportIntervalMs;

/** @param host of this process */
export function createExecutorReports(
  notices: ExecutorNotices,
  host: string,
  now = Date.now,
): ExecutorReports & Disposable {
  const latest = new Map<string, { readonly report: ExecutorReport; readonly at: number }>();
  const subscription = notices.subscribe("executors", (notice) => {
    const report = notice === undefined ? undefined : (JSON.parse(notice) as ExecutorReport);
    if (report !== undefined) latest.set(`${report.host} ${report.process}`, { report, at: now() });
  });
  return {
    report(loads) {
      for (const [process, load] of loads)
        notices.publish("executors", JSON.stringify({ host, process, ...load }));
    },
    list() {
      for (const [name, { at }] of latest) if (now() - at > reportAgeMs) latest.delete(name);
      const entries = [...latest].toSorted(([one], [other]) => (one < other ? -1 : 1));
      return entries.map(([, { report }]) => report);
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  };
}

/** What the metrics of an executor process say about its load. */
export function loadOf(metrics: readonly MetricJson[]): ExecutorLoad {
  const valueOf = (name: string) =>
    metrics.find((metric) => metric.name === `duranium_executor_${name}`)?.values[0]?.value ?? 0;
  return {
    attempts: valueOf("attempts_total"),
    attemptsInFlight: valueOf("attempts_in_flight"),
    connections: valueOf("connections"),
  };
}
