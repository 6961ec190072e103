import type { ExecutionId } from "../domain/ids.ts";
import { maxRememberedVersions } from "../domain/limits.ts";

/**
 * The versions of the executions that began in this process lately. A caller who waits for the end of one is told its
 * version, and Restate takes longer to look for it in the journal than most executions take in all.
 */
export interface StartedVersions {
  note(executionId: ExecutionId, version: number): void;
  /** `undefined` where it began elsewhere, long ago, or not yet. */
  versionOf(executionId: ExecutionId): number | undefined;
}

export function createStartedVersions(maxExecutions = maxRememberedVersions): StartedVersions {
  // A map iterates in the order of insertion: the first began first.
  const versions = new Map<ExecutionId, number>();
  return {
    note(executionId, version) {
      versions.set(executionId, version);
      const [oldest] = versions.keys();
      if (versions.size > maxExecutions && oldest !== undefined) versions.delete(oldest);
    },
    versionOf: (executionId) => versions.get(executionId),
  };
}
