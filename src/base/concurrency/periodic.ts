import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../logger.ts";

export interface PeriodicOptions {
  /** The time between the end of a run and the start of the next one. */
  readonly intervalMs: number;
  /** What failed, for the log: `cannot sweep queues`. */
  readonly failure: string;
  readonly logger: Pick<Logger, "error">;
}

/**
 * Runs a task immediately and then periodically, one run at a time, until it is disposed of. Disposal waits for the current
 * run, whose signal aborts.
 *
 * After a failure the next run tries again. Runs in a row that fail with the same message are logged once, so that a server
 * that is down does not fill the log.
 */
export function startPeriodic(
  task: (signal: AbortSignal) => Promise<void>,
  { intervalMs, failure, logger }: PeriodicOptions,
): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function repeat(): Promise<void> {
    let logged: string | undefined;
    while (!signal.aborted) {
      try {
        await task(signal);
        logged = undefined;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (!signal.aborted && message !== logged) logger.error(failure, { error });
        logged = message;
      }
      await delay(intervalMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  const repeating = repeat();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await repeating;
    },
  };
}
