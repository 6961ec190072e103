import { DuraniumError } from "../../domain/errors.ts";
import { causeOf } from "../../domain/monitoring/failure-cause.ts";
import type { ExecutionStatus } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { listEnded } from "../../read-model/monitoring/ended-executions.ts";
import type { TimeRange } from "../../read-model/monitoring/ended-executions.ts";
import { readExecution } from "../../read-model/execution-records.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { ExecutionEnd, ExecutionEndStore } from "../../stores/logs/execution-ends.ts";

/**
 * Finds executions that ended without a stored end: the process died before it stored the end, the execution was killed in
 * Restate, or it failed before a guest ran it.
 */
export interface EndSweepOptions {
  readonly restate: RestateSql;
  readonly ends: Pick<ExecutionEndStore, "known">;
  readonly writer: { ended(end: ExecutionEnd): void };
}

/** Executions that one sweep checks. The next sweep continues after them. */
const maxCheckedEnds = 2_000;

/**
 * @returns the time up to which the range was checked
 * @throws {DuraniumError} `restate-unavailable`
 */
export async function sweepEnds(
  { restate, ends, writer }: EndSweepOptions,
  range: TimeRange,
  options: { readonly failedOnly: boolean },
): Promise<number> {
  const ended = await listEnded(restate, range, { ...options, limit: maxCheckedEnds });
  const known = await ends.known(ended.map(({ executionId }) => executionId));
  for (const { executionId, endedAt } of ended) {
    if (known.has(executionId)) continue;
    const end = await readEnd(restate, executionId, endedAt);
    if (end !== undefined) writer.ended(end);
  }
  const last = ended.at(-1);
  return ended.length === maxCheckedEnds && last !== undefined
    ? Math.max(last.endedAt, range.from + 1)
    : range.to;
}

async function readEnd(
  restate: RestateSql,
  executionId: ExecutionId,
  endedAt: number,
): Promise<ExecutionEnd | undefined> {
  const record = await readIfPresent(restate, executionId);
  if (record === undefined) return undefined;
  const { detail, timeline } = record;
  const { workflowId, version = null, entryPoint = null, status, failure } = detail;
  const { output } = timeline;
  const code = output !== undefined && "failure" in output ? output.failure.metadata?.["code"] : undefined;
  const outcome = outcomeOf(status, code);
  const cause =
    outcome === "failed" && failure !== undefined
      ? causeOf(workflowId, code ?? "internal", failure)
      : undefined;
  return {
    executionId,
    workflowId,
    version,
    entryPoint,
    outcome,
    endedAt,
    startedAt: timeline.start?.executionId === executionId ? timeline.start.now : null,
    fuelUsed: null,
    failureId: cause?.failureId ?? null,
    code: cause?.code ?? null,
    name: cause?.name ?? null,
    message: cause?.message ?? null,
    file: cause?.at?.file ?? null,
    line: cause?.at?.line ?? null,
  };
}

function outcomeOf(status: ExecutionStatus, code: string | undefined): ExecutionEnd["outcome"] {
  if (code === "skipped") return "skipped";
  return status === "cancelled" || status === "completed" ? status : "failed";
}

/** The execution may have been purged since it was listed. */
async function readIfPresent(restate: RestateSql, executionId: ExecutionId) {
  try {
    return await readExecution(restate, executionId);
  } catch (error) {
    if (error instanceof DuraniumError && error.code === "execution-not-found") return undefined;
    throw error;
  }
}
