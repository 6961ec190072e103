import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxLogFollowers, maxLogFollowersPerExecution } from "../domain/limits.ts";

/** Those who follow logs in this process: each looks for new lines four times a second. */
export interface LogFollowers {
  /** @throws {DuraniumError} `too-many-followers` */
  requireRoom(executionId: ExecutionId): void;
  /** A place until it is disposed of; `undefined` where others took the last one meanwhile. */
  enter(executionId: ExecutionId): Disposable | undefined;
}

export function createLogFollowers({
  maxFollowers = maxLogFollowers,
  maxPerExecution = maxLogFollowersPerExecution,
} = {}): LogFollowers {
  const counts = new Map<ExecutionId, number>();
  let total = 0;
  const countOf = (executionId: ExecutionId) => counts.get(executionId) ?? 0;
  const leave = (executionId: ExecutionId) => {
    total -= 1;
    const left = countOf(executionId) - 1;
    if (left === 0) counts.delete(executionId);
    else counts.set(executionId, left);
  };
  return {
    requireRoom(executionId) {
      if (total >= maxFollowers) throw refused("logs are followed", { maxLogFollowers: maxFollowers });
      if (countOf(executionId) < maxPerExecution) return;
      const what = `the log of execution "${executionId}" is followed`;
      throw refused(what, { maxLogFollowersPerExecution: maxPerExecution });
    },
    enter(executionId) {
      if (total >= maxFollowers || countOf(executionId) >= maxPerExecution) return undefined;
      total += 1;
      counts.set(executionId, countOf(executionId) + 1);
      return { [Symbol.dispose]: () => leave(executionId) };
    },
  };
}

function refused(what: string, limit: Readonly<Record<string, number>>): DuraniumError {
  const [[name, value] = []] = Object.entries(limit);
  return new DuraniumError(
    "too-many-followers",
    `Cannot follow the log: ${what} by ${value} readers already (${name})`,
  );
}
