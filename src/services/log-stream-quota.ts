import { createShares } from "../base/quota.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxLogFollowers, maxLogFollowersPerExecution, maxLogFollowersPerKey } from "../domain/limits.ts";

/** Those who follow logs in this process: each looks for new lines four times a second. */
export interface LogFollowers {
  /** @throws {DuraniumError} `too-many-followers` */
  requireRoom(follower: Follower): void;
  /** A place until it is disposed of; `undefined` where others took the last one meanwhile. */
  enter(follower: Follower): Disposable | undefined;
}

export interface Follower {
  readonly executionId: ExecutionId;
  /** The API key that the log is followed with. */
  readonly keyId: string;
}

export function createLogFollowers({
  maxFollowers = maxLogFollowers,
  maxPerExecution = maxLogFollowersPerExecution,
  maxPerKey = maxLogFollowersPerKey,
} = {}): LogFollowers {
  const byKey = createShares({ total: maxFollowers, perHolder: maxPerKey });
  const byExecution = createShares({ total: maxFollowers, perHolder: maxPerExecution });
  return {
    requireRoom({ executionId, keyId }) {
      if (byKey.isFull) throw refused("logs are followed", { maxLogFollowers: maxFollowers });
      if (!byKey.hasRoom(keyId))
        throw refused("logs are followed with this API key", { maxLogFollowersPerKey: maxPerKey });
      if (byExecution.hasRoom(executionId)) return;
      const what = `the log of execution "${executionId}" is followed`;
      throw refused(what, { maxLogFollowersPerExecution: maxPerExecution });
    },
    enter({ executionId, keyId }) {
      if (!byExecution.hasRoom(executionId)) return undefined;
      const placeOfKey = byKey.take(keyId);
      const place = placeOfKey === undefined ? undefined : byExecution.take(executionId);
      if (placeOfKey === undefined || place === undefined) return undefined;
      return {
        [Symbol.dispose]() {
          placeOfKey[Symbol.dispose]();
          place[Symbol.dispose]();
        },
      };
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
