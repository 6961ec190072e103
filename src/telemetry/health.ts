import type { HealthService } from "../api/contract/services.ts";
import { messageOf } from "../domain/errors.ts";
import type { ProcessLoad } from "./process-load.ts";

export interface HealthSources {
  readonly database: { check(): void };
  /** What of Restate does not answer, in words. */
  readonly restate: { problems(): Promise<readonly string[]> };
  readonly machine: Pick<ProcessLoad, "freeDiskBytes">;
  readonly minFreeDiskBytes: number;
  /** Aborts when the process is to stop. */
  readonly stopping: { readonly signal: AbortSignal };
}

/** Ready is a process that can reach its database and its Restate server, has disk space left, and is not stopping. */
export function createHealthService(sources: HealthSources): HealthService {
  let askingRestate: Promise<readonly string[]> | undefined;

  /** One question at a time, whoever asks and however often: probes count in no limit. */
  async function restateProblems(): Promise<readonly string[]> {
    askingRestate ??= sources.restate.problems().finally(() => (askingRestate = undefined));
    return await askingRestate;
  }

  return {
    async problems() {
      return [
        ...(sources.stopping.signal.aborted ? ["server is shutting down"] : []),
        ...databaseProblems(sources.database),
        ...diskProblems(sources),
        ...(await restateProblems()),
      ];
    },
  };
}

function databaseProblems(database: { check(): void }): string[] {
  try {
    database.check();
    return [];
  } catch (error) {
    return [`the database does not answer (${messageOf(error)})`];
  }
}

function diskProblems({ machine: { freeDiskBytes }, minFreeDiskBytes }: HealthSources): string[] {
  if (freeDiskBytes >= minFreeDiskBytes) return [];
  return [
    `the disk of the data directory has ${inMib(freeDiskBytes)} left, less than ${inMib(minFreeDiskBytes)}`,
  ];
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}
