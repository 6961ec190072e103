import type { ExecutionId } from "../domain/ids.ts";
import { readStatuses } from "./response-status.ts";
import type { RestateSql } from "./restate-sql.ts";
import type { Settled, Timeline } from "./timeline.ts";

/**
 * The step with which an execution failed: the last one whose result is a failure, if the workflow went no further.
 * What arrived after it, of steps that were under way already, changes nothing; the result of a step that was begun
 * after it says that the workflow went on, and failed in its own code.
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

/** An answer with the status of an error is one too: workflows throw when they see it. */
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
