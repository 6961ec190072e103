import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";

/** @param verb a participle, as in `cannot be retried` */
export function notEnded(executionId: ExecutionId, verb: string): DuraniumError {
  return new DuraniumError(
    "execution-not-ended",
    `Execution "${executionId}" cannot be ${verb}: it has not ended`,
  );
}

/** @param verb a participle, as in `cannot be paused` */
export function hasEnded(executionId: ExecutionId, verb: string): DuraniumError {
  return new DuraniumError("execution-ended", `Execution "${executionId}" cannot be ${verb}: it has ended`);
}
