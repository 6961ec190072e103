import type { ExecutionId } from "../domain/ids.ts";
import { readStatuses } from "./response-status.ts";
import type { RestateSql } from "./restate-sql.ts";
import type { Settled, Timeline } from "./timeline.ts";

/**
 * Finds the step that made an execution fail: the last step whose result is a failure, provided that the workflow did not
 * continue after it. Later results of steps that had started before do not count. The result of a step that started later
 * means that the workflow continued, and failed in its own code.
 */
export async function findFailedStep(
  restate: RestateSql,
  executionId: ExecutionId,
  { settled }: Pick<Timeline, "settled">,
): Promise<Settled | undefined> {
  let latestStarted = 0;
  for (const candidate of settled.toReversed()) {
    if (latestStarted > candidate.arrivalIndex) return undefined;
    if (await isFailure(restate, executionId, candidate)) return candidate;
    latestStarted = Math.max(latestStarted, candidate.step.index);
  }
  return undefined;
}

/** A response with an error status counts as a failure, because workflows usually throw when they receive one. */
async function isFailure(
  restate: RestateSql,
  executionId: ExecutionId,
  { step, arrivalIndex }: Settled,
): Promise<boolean> {
  if (step.outcome === "failed") return true;
  if (step.operation !== "fetch") return false;
  const status =
    step.httpStatus ?? (await readStatuses(restate, executionId, [arrivalIndex])).get(arrivalIndex);
  return status !== undefined && status >= 400;
}
