import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { LogWriter } from "../../stores/logs/log-writer.ts";
import type { LogStore } from "../../stores/logs/logs.ts";
import { endGraceMs, logSweepIntervalMs, maxSweptEnds, maxSweptExecutions } from "./limits.ts";

export interface LogRetentionOptions {
  readonly logs: Pick<LogStore, "executions">;
  readonly writer: Pick<LogWriter, "remove" | "removeEnds">;
  /** The subset of these executions that still exist. */
  readonly known: (executionIds: readonly ExecutionId[]) => Promise<ReadonlySet<ExecutionId>>;
}

/**
 * Removes the lines of purged executions, in a batch of executions with lines. Nothing is removed if `known` rejects.
 *
 * @returns where the next batch starts; `undefined` after the last
 */
export async function sweepLogs(
  { logs, writer, known }: LogRetentionOptions,
  after: ExecutionId | undefined,
  limit = maxSweptExecutions,
): Promise<ExecutionId | undefined> {
  const batch = await logs.executions({ after, limit });
  if (batch.length === 0) return undefined;
  const existing = await known(batch);
  const purged = batch.filter((id) => !existing.has(id));
  if (purged.length > 0) await writer.remove(purged);
  return batch.length < limit ? undefined : batch.at(-1);
}

/** Sweeps one batch immediately and then periodically, one at a time, until it is disposed of. */
export function startLogRetention(
  options: LogRetentionOptions & {
    /** How long Restate retains executions. */
    readonly retentionMs: number;
    readonly logger: Logger;
  },
): AsyncDisposable {
  let after: ExecutionId | undefined;
  const sweep = async () => {
    await options.writer.removeEnds(Date.now() - options.retentionMs - endGraceMs, maxSweptEnds);
    after = await sweepLogs(options, after);
  };
  return startPeriodic(sweep, {
    intervalMs: logSweepIntervalMs,
    failure: "cannot remove log lines of purged executions",
    logger: options.logger,
  });
}
