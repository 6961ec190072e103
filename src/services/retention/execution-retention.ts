import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { listExpired } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { LogWriter } from "../../stores/logs/log-writer.ts";
import type { WorkflowSettingsStore } from "../../stores/workflow-settings.ts";
import {
  maxPurgedExecutions,
  maxConcurrentPurges,
  maxSweptWorkflows,
  retentionSweepIntervalMs,
} from "./limits.ts";
import { purgeExecution } from "./purge.ts";

/**
 * Restate retains ended executions for as long as the operator configures. Executions of workflows with a shorter retention
 * are purged here, as by `DELETE /executions/:id`, together with their console lines.
 */
export interface ExecutionRetentionOptions {
  readonly settings: Pick<WorkflowSettingsStore, "retentions">;
  readonly restate: Pick<RestateClient, "query" | "purge" | "clearState">;
  readonly writer: Pick<LogWriter, "remove">;
  /** How long Restate retains executions. */
  readonly maxRetentionHours: number;
  readonly logger: Logger;
}

/**
 * Purges the executions that have expired at `now`, in batches. Does not query Restate if no workflow has a shorter
 * retention than the operator's.
 *
 * @throws {DuraniumError} `restate-unavailable`; the next sweep purges the rest
 */
export async function sweepExecutions(
  options: ExecutionRetentionOptions,
  now: number,
  { limit = maxPurgedExecutions, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const retentions = await options.settings.retentions();
  const shorter = retentions.filter(({ retentionHours }) => retentionHours < options.maxRetentionHours);
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

/** Sweeps immediately and then periodically until it is disposed of, one sweep at a time. */
export function startExecutionRetention(options: ExecutionRetentionOptions): AsyncDisposable {
  return startPeriodic(async (signal) => await sweepExecutions(options, Date.now(), { signal }), {
    intervalMs: retentionSweepIntervalMs,
    failure: "cannot purge executions",
    logger: options.logger,
  });
}

/** An execution that cannot be purged does not prevent others from being purged. */
async function purge(
  { restate, writer, logger }: ExecutionRetentionOptions,
  executionIds: readonly ExecutionId[],
): Promise<void> {
  const outcomes = await Promise.allSettled(
    executionIds.map(async (id) => await purgeExecution(restate, id)),
  );
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "rejected" && !isPurged(outcome.reason)) {
      const executionId = executionIds[index];
      logger.error(`cannot purge execution ${executionId}`, {
        executionId,
        error: outcome.reason as unknown,
      });
    }
  }
  await writer.remove(executionIds.filter((_id, index) => outcomes[index]?.status === "fulfilled"));
}

/** Another process or a client has purged the execution already. */
function isPurged(error: unknown): boolean {
  return error instanceof DuraniumError && error.code === "execution-not-found";
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
