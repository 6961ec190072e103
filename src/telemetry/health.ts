import type { HealthService } from "../api/contract/services.ts";
import { messageOf } from "../domain/errors.ts";
import type { ProcessLoad } from "./process-load.ts";

export interface HealthSources {
  readonly database: { check(): Promise<void> };
  /** One sentence for each part of Restate that does not answer. */
  readonly restate: { problems(): Promise<readonly string[]> };
  readonly machine: Pick<ProcessLoad, "freeDiskBytes">;
  readonly minFreeDiskBytes: number;
  /** Executor processes that this process started. One sentence if none of them runs. */
  readonly executors?: { problems(): readonly string[] } | undefined;
  /** Aborts when the process starts to shut down. */
  readonly stopping: { readonly signal: AbortSignal };
}

/** A process is ready if it reaches its database and Restate, has free disk space, and is not shutting down. */
export function createHealthService(sources: HealthSources): HealthService {
  let pendingCheck: Promise<readonly string[]> | undefined;

  /** Concurrent probes share one check, because no rate limit applies to them. */
  async function restateProblems(): Promise<readonly string[]> {
    pendingCheck ??= sources.restate.problems().finally(() => (pendingCheck = undefined));
    return await pendingCheck;
  }

  return {
    async problems() {
      return [
        ...(sources.stopping.signal.aborted ? ["server is shutting down"] : []),
        ...(await databaseProblems(sources.database)),
        ...diskProblems(sources),
        ...(sources.executors?.problems() ?? []),
        ...(await restateProblems()),
      ];
    },
  };
}

async function databaseProblems(database: HealthSources["database"]): Promise<string[]> {
  try {
    await database.check();
    return [];
  } catch (error) {
    return [`database unavailable (${messageOf(error)})`];
  }
}

function diskProblems({ machine: { freeDiskBytes }, minFreeDiskBytes }: HealthSources): string[] {
  if (freeDiskBytes >= minFreeDiskBytes) return [];
  return [`${inMib(freeDiskBytes)} left on the data directory's disk, less than ${inMib(minFreeDiskBytes)}`];
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}
