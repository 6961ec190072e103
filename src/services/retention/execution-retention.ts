import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/logger.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import {
  maxPurgedExecutions,
  maxConcurrentPurges,
  maxSweptWorkflows,
  retentionSweepIntervalMs,
} from "../../domain/limits.ts";
import { listExpired } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { LogWriter } from "../../stores/logs/log-writer.ts";
import type { WorkflowSettingsStore } from "../../stores/workflow-settings.ts";
import { purgeExecution } from "./purge.ts";

/**
 * Restate keeps every execution that has ended for as long as the operator says. Those of workflows whose settings say
 * less are purged here, as by `DELETE /executions/:id`, and their console lines go with them.
 */
export interface ExecutionRetentionOptions {
  readonly settings: Pick<WorkflowSettingsStore, "retentions">;
  readonly restate: Pick<RestateClient, "query" | "purge" | "clearState">;
  readonly writer: Pick<LogWriter, "remove">;
  /** As long as Restate keeps executions by itself. */
  readonly maxRetentionHours: number;
  readonly logger: Logger;
}

/**
 * Purges what is due at `now`, a few at a time, until there is nothing more. Where no workflow keeps its executions for
 * less than the operator does, Restate is not asked at all.
 *
 * @throws {DuraniumError} `restate-unavailable`; what is left is there for the next time
 */
export async function sweepExecutions(
  options: ExecutionRetentionOptions,
  now: number,
  { limit = maxPurgedExecutions, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const shorter = options.settings
    .retentions()
    .filter(({ retentionHours }) => retentionHours < options.maxRetentionHours);
  for (const some of inParts(shorter, maxSweptWorkflows)) {
    const expiries = some.map(({ workflowId, retentionHours }) => ({
      workflowId,
      endedBefore: now - retentionHours * 60 * 60 * 1_000,
    }));
    let due: readonly ExecutionId[] = [];
    do {
      due = await listExpired(options.restate, expiries, { after: due.at(-1), limit });
      for (const part of inParts(due, maxConcurrentPurges)) {
        if (signal?.aborted === true) return;
        await purge(options, part);
      }
    } while (due.length === limit);
  }
}

/** Sweeps now, and then again and again until it is disposed of: a sweep begins when the one before has ended. */
export function startExecutionRetention(options: ExecutionRetentionOptions): Disposable {
  const stopping = new AbortController();
  void keepSweeping(options, stopping.signal);
  return { [Symbol.dispose]: () => stopping.abort() };
}

async function keepSweeping(options: ExecutionRetentionOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweepExecutions(options, Date.now(), { signal });
    } catch (error) {
      if (!signal.aborted) options.logger.error("cannot purge executions", { error });
    }
    await delay(retentionSweepIntervalMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** One that cannot be purged now stands in the way of no other. */
async function purge(
  { restate, writer, logger }: ExecutionRetentionOptions,
  executionIds: readonly ExecutionId[],
): Promise<void> {
  const came = await Promise.allSettled(executionIds.map(async (id) => await purgeExecution(restate, id)));
  for (const [index, one] of came.entries()) {
    if (one.status === "rejected" && !isForgotten(one.reason)) {
      const executionId = executionIds[index];
      logger.error(`cannot purge execution ${executionId}`, { executionId, error: one.reason as unknown });
    }
  }
  await writer.remove(executionIds.filter((_id, index) => came[index]?.status === "fulfilled"));
}

/** Another process, or a person, was faster. */
function isForgotten(error: unknown): boolean {
  return error instanceof DuraniumError && error.code === "execution-not-found";
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
