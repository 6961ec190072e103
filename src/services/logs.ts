import { setTimeout as delay } from "node:timers/promises";
import { createWaker } from "../base/concurrency/waker.ts";
import type { LogEvent, LogFilter, LogService } from "../api/contract/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isFinal } from "../domain/execution.ts";
import type { ExecutionStatus } from "../domain/execution.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxPageItems } from "../domain/limits.ts";
import { readExecutionStatus } from "../read-model/execution-records.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import type { Coordination } from "../stores/coordination/coordination.ts";
import type { LogStore } from "../stores/logs/logs.ts";
import { logPollIntervalMs } from "./limits.ts";
import { isAboutExecution } from "./log-notices.ts";
import { createLogStreamQuota } from "./log-stream-quota.ts";
import type { LogStreamQuota } from "./log-stream-quota.ts";

/**
 * Console lines from the database that all processes share. A log stream reads them when a notice says that lines of its
 * execution were stored, and polls, because notices can be lost.
 */
export function createLogService(
  restate: RestateClient,
  logs: Pick<LogStore, "list">,
  notices: Pick<Coordination, "subscribe">,
): LogService {
  const followers = createLogStreamQuota();
  return {
    async list(executionId, { levels }, request) {
      const page = await logs.list(executionId, request, levels);
      // An execution without lines exists only if Restate has it.
      if (page.items.length === 0) await readExecutionStatus(restate, executionId);
      return page;
    },
    async follow(executionId, filter, after, { keyId, signal }) {
      await readExecutionStatus(restate, executionId);
      followers.assertCapacity({ executionId, keyId });
      return follow({ restate, logs, notices, followers, executionId, keyId, filter, after, signal });
    },
  };
}

interface Following {
  readonly restate: RestateClient;
  readonly logs: Pick<LogStore, "list">;
  readonly notices: Pick<Coordination, "subscribe">;
  readonly followers: LogStreamQuota;
  readonly executionId: ExecutionId;
  readonly keyId: string;
  readonly filter: LogFilter;
  readonly after: number | undefined;
  readonly signal: AbortSignal;
}

async function* follow(following: Following): AsyncGenerator<LogEvent> {
  const { logs, followers, executionId, filter } = following;
  // The place is taken when reading starts: a client that only sent the request may have disconnected.
  using place = followers.enter(following);
  if (place === undefined) return;
  const leaving = new AbortController();
  const signal = AbortSignal.any([following.signal, leaving.signal]);
  const stored = createWaker();
  using _subscription = following.notices.subscribe("log-lines", (notice) => {
    if (isAboutExecution(notice, executionId)) stored.wake();
  });
  const end = watchEnd(following.restate, executionId, signal);
  let { after } = following;
  try {
    while (!signal.aborted) {
      // Lines are stored before an execution ends, so reading the end before the lines misses none.
      const { hasEnded, status } = end;
      const { items, next } = await logs.list(executionId, { after, limit: maxPageItems }, filter.levels);
      for (const line of items) yield { kind: "line", line };
      after = items.at(-1)?.number ?? after;
      if (next !== undefined) continue;
      if (hasEnded) {
        yield { kind: "ended", ...(status === undefined ? {} : { status }) };
        return;
      }
      if (items.length === 0) yield { kind: "quiet" };
      await Promise.race([stored.sleep(logPollIntervalMs, signal), end.ended]);
    }
  } finally {
    leaving.abort();
  }
}

interface End {
  hasEnded: boolean;
  /** How it ended; `undefined` if Restate no longer has the execution. */
  status: ExecutionStatus | undefined;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

function watchEnd(restate: RestateClient, executionId: ExecutionId, signal: AbortSignal): End {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const end: End = { hasEnded: false, status: undefined, ended };
  void untilEnded(restate, executionId, signal).then((status) => {
    end.hasEnded = true;
    end.status = status === "purged" ? undefined : status;
    resolve();
  });
  return end;
}

/** Retries while Restate is unavailable. `undefined` if `signal` aborted. */
async function untilEnded(
  restate: RestateClient,
  executionId: ExecutionId,
  signal: AbortSignal,
): Promise<ExecutionStatus | "purged" | undefined> {
  while (!signal.aborted) {
    const status = await endedStatus(restate, executionId, signal);
    if (status !== undefined) return status;
    await pause(signal);
  }
  return undefined;
}

async function endedStatus(
  restate: RestateClient,
  executionId: ExecutionId,
  signal: AbortSignal,
): Promise<ExecutionStatus | "purged" | undefined> {
  try {
    await restate.attach(executionId, signal);
    const status = await readExecutionStatus(restate, executionId);
    return isFinal(status) ? status : undefined;
  } catch (error) {
    return error instanceof DuraniumError && error.code === "execution-not-found" ? "purged" : undefined;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(logPollIntervalMs, undefined, { signal }).catch(() => undefined);
}
