import { createQuota } from "../base/concurrency/quota.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxLogStreams, maxLogStreamsPerExecution, maxLogStreamsPerKey } from "./limits.ts";

/** Limits the log streams of this process, because each of them polls the database. */
export interface LogStreamQuota {
  /** @throws {DuraniumError} `too-many-log-streams` */
  assertCapacity(follower: LogStream): void;
  /** Takes a place until it is disposed of; `undefined` if another stream has taken the last one. */
  enter(follower: LogStream): Disposable | undefined;
}

export interface LogStream {
  readonly executionId: ExecutionId;
  /** The API key of the reader. */
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
      if (byKey.isFull) throw full("of this process", { maxLogStreams: maxFollowers });
      if (!byKey.hasCapacity(keyId)) throw full("of this API key", { maxLogStreamsPerKey: maxPerKey });
      if (byExecution.hasCapacity(executionId)) return;
      throw full(`of execution "${executionId}"`, { maxLogStreamsPerExecution: maxPerExecution });
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

function full(what: string, limit: Readonly<Record<string, number>>): DuraniumError {
  const [[name, value] = []] = Object.entries(limit);
  return new DuraniumError(
    "too-many-log-streams",
    `Cannot stream the log: the limit of ${value} streams ${what} is reached (${name})`,
  );
}
