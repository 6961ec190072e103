import type { ExecutionId } from "../domain/ids.ts";
import { maxRememberedVersions } from "./limits.ts";

/**
 * A cache of the versions of executions that started on this process. A response to a waiting caller has the version, and
 * finding it in the journal takes Restate longer than most executions take.
 */
export interface StartedVersions {
  note(executionId: ExecutionId, version: number): void;
  /** `undefined` if the execution started on another process or too long ago, or has not started. */
  versionOf(executionId: ExecutionId): number | undefined;
}

export function createStartedVersions(maxExecutions = maxRememberedVersions): StartedVersions {
  // A map iterates in the order of insertion, so its first entry is the oldest.
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
