import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { LogEvent, LogFilter, LogPlace, LogService } from "../api/contract/services.ts";
import { decodeCursor, encodeCursor } from "../api/http/cursor.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isFinal } from "../domain/execution.ts";
import type { ExecutionStatus } from "../domain/execution.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { logPollIntervalMs, maxPageItems } from "../domain/limits.ts";
import { readExecutionStatus } from "../read-model/execution-records.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import type { LogStore } from "../stores/logs/logs.ts";
import { createLogStreamQuota } from "./log-stream-quota.ts";
import type { LogStreamQuota } from "./log-stream-quota.ts";

/**
 * Console lines, from the database that all processes share: those who write them may be others than the
 * one that is asked, so whoever follows an execution looks again and again.
 */
export function createLogService(restate: RestateClient, logs: Pick<LogStore, "list">): LogService {
  const followers = createLogStreamQuota();
  return {
    async list(executionId, { levels }, { cursor, limit }) {
      const page = logs.list(executionId, { after: numberOf(cursor), limit }, levels);
      // Only an execution that Restate knows can have said nothing.
      if (page.items.length === 0) await readExecutionStatus(restate, executionId);
      const { items, next } = page;
      return { items, ...(next === undefined ? {} : { cursor: encodeCursor([next]) }) };
    },
    async follow(executionId, filter, from, { keyId, signal }) {
      const after = from.afterNumber ?? numberOf(from.cursor);
      await readExecutionStatus(restate, executionId);
      followers.assertCapacity({ executionId, keyId });
      return follow({ restate, logs, followers, executionId, keyId, filter, after, signal });
    },
  };
}

const cursorSchema = z.tuple([z.int().nonnegative()]);

function numberOf(cursor: LogPlace["cursor"]): number | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor, cursorSchema)[0];
}

interface Following {
  readonly restate: RestateClient;
  readonly logs: Pick<LogStore, "list">;
  readonly followers: LogStreamQuota;
  readonly executionId: ExecutionId;
  readonly keyId: string;
  readonly filter: LogFilter;
  readonly after: number | undefined;
  readonly signal: AbortSignal;
}

async function* follow(following: Following): AsyncGenerator<LogEvent> {
  const { logs, followers, executionId, filter } = following;
  // A place is taken by who reads, and not by who only asked: that may be nobody any more.
  using place = followers.enter(following);
  if (place === undefined) return;
  const leaving = new AbortController();
  const signal = AbortSignal.any([following.signal, leaving.signal]);
  const end = watchEnd(following.restate, executionId, signal);
  let { after } = following;
  try {
    while (!signal.aborted) {
      // Lines are stored before an execution ends: whoever knows of the end first misses none.
      const { isOver, status } = end;
      const { items, next } = logs.list(executionId, { after, limit: maxPageItems }, filter.levels);
      for (const line of items) yield { kind: "line", line };
      after = items.at(-1)?.number ?? after;
      if (next !== undefined) continue;
      if (isOver) {
        yield { kind: "ended", ...(status === undefined ? {} : { status }) };
        return;
      }
      if (items.length === 0) yield { kind: "quiet" };
      await Promise.race([pause(signal), end.came]);
    }
  } finally {
    leaving.abort();
  }
}

interface End {
  isOver: boolean;
  /** How it ended; `undefined` where nobody knows any more. */
  status: ExecutionStatus | undefined;
  /** Resolves when it is over. */
  readonly came: Promise<void>;
}

function watchEnd(restate: RestateClient, executionId: ExecutionId, signal: AbortSignal): End {
  const { promise: came, resolve } = Promise.withResolvers<void>();
  const end: End = { isOver: false, status: undefined, came };
  void untilEnded(restate, executionId, signal).then((status) => {
    end.isOver = true;
    end.status = status === "forgotten" ? undefined : status;
    resolve();
  });
  return end;
}

/** Asks again where Restate is away for a while. `undefined` when `signal` aborted. */
async function untilEnded(
  restate: RestateClient,
  executionId: ExecutionId,
  signal: AbortSignal,
): Promise<ExecutionStatus | "forgotten" | undefined> {
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
): Promise<ExecutionStatus | "forgotten" | undefined> {
  try {
    await restate.attach(executionId, signal);
    const status = await readExecutionStatus(restate, executionId);
    return isFinal(status) ? status : undefined;
  } catch (error) {
    return error instanceof DuraniumError && error.code === "execution-not-found" ? "forgotten" : undefined;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(logPollIntervalMs, undefined, { signal }).catch(() => undefined);
}
