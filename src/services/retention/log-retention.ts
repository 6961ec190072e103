import type { Logger } from "../../base/logger.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { logSweepIntervalMs, maxSweptExecutions, maxSweptUsages, usageGraceMs } from "../../domain/limits.ts";
import type { LogWriter } from "../../stores/logs/log-writer.ts";
import type { LogStore } from "../../stores/logs/logs.ts";

export interface LogRetentionOptions {
  readonly logs: Pick<LogStore, "executions">;
  readonly writer: Pick<LogWriter, "remove" | "removeUsages">;
  /** Which of these executions there still are. */
  readonly known: (executionIds: readonly ExecutionId[]) => Promise<ReadonlySet<ExecutionId>>;
}

/**
 * Removes the lines of executions that are there no more: looks at the next few of those that have lines,
 * and answers with where to go on, `undefined` after the last. Nothing is removed where `known` rejects.
 */
export async function sweepLogs(
  { logs, writer, known }: LogRetentionOptions,
  after: ExecutionId | undefined,
  limit = maxSweptExecutions,
): Promise<ExecutionId | undefined> {
  const looked = logs.executions({ after, limit });
  if (looked.length === 0) return undefined;
  const there = await known(looked);
  const forgotten = looked.filter((id) => !there.has(id));
  if (forgotten.length > 0) await writer.remove(forgotten);
  return looked.length < limit ? undefined : looked.at(-1);
}

/** Sweeps now, and then a little at a time until it is disposed of. */
export function startLogRetention(
  options: LogRetentionOptions & {
    /** As long as Restate keeps executions. */
    readonly retentionMs: number;
    readonly logger: Logger;
  },
): Disposable {
  let after: ExecutionId | undefined;
  const sweep = async () => {
    try {
      await options.writer.removeUsages(Date.now() - options.retentionMs - usageGraceMs, maxSweptUsages);
      after = await sweepLogs(options, after);
    } catch (error) {
      options.logger.error("cannot remove those of forgotten executions", { error });
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), logSweepIntervalMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
