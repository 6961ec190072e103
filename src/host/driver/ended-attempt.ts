import type { ExecutionId } from "../../domain/ids.ts";
import type { DriveResult } from "./driver.ts";

export interface OperationCount {
  succeeded: number;
  failed: number;
}

/** The outcome of an execution, with its usage. */
export interface EndedAttempt {
  readonly executionId: ExecutionId;
  /** `skipped` if flow control ended it before it ran. */
  readonly outcome: DriveResult["kind"] | "skipped";
  readonly fuelUsed: number;
  /** The number of settled calls of each operation, including those that this attempt replayed. */
  readonly operations: ReadonlyMap<string, OperationCount>;
}
