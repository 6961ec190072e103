import { createQuota } from "../base/quota.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxLogStreams, maxLogStreamsPerExecution, maxLogStreamsPerKey } from "../domain/limits.ts";

/** Those who follow logs in this process: each looks for new lines four times a second. */
export interface LogStreamQuota {
  /** @throws {DuraniumError} `too-many-log-streams` */
  assertCapacity(follower: LogStream): void;
  /** A place until it is disposed of; `undefined` where others took the last one meanwhile. */
  enter(follower: LogStream): Disposable | undefined;
}

export interface LogStream {
  readonly executionId: ExecutionId;
  /** The API key that the log is followed with. */
  readonly keyId: string;
}

export function createLogStreamQuota({
  maxFollowers = maxLogStreams,
  maxPerExecution = maxLogStreamsPerExecution,
  maxPerKey = maxLogStreamsPerKey,
} = {}): LogStreamQuota {
  const byKey = createQuota({ total: maxFollowers, perHolder: maxPerKey });
  const byExecution = createQuota({ total: maxFollowers, perHolder: maxPerExecution });
  return {
    assertCapacity({ executionId, keyId }) {
      if (byKey.isFull) throw refused("logs are followed", { maxLogStreams: maxFollowers });
      if (!byKey.hasCapacity(keyId))
        throw refused("logs are followed with this API key", { maxLogStreamsPerKey: maxPerKey });
      if (byExecution.hasCapacity(executionId)) return;
      const what = `the log of execution "${executionId}" is followed`;
      throw refused(what, { maxLogStreamsPerExecution: maxPerExecution });
    },
    enter({ executionId, keyId }) {
      if (!byExecution.hasCapacity(executionId)) return undefined;
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
    "too-many-log-streams",
    `Cannot follow the log: ${what} by ${value} readers already (${name})`,
  );
}
