import type { ExecutionId } from "../../domain/ids.ts";
import type { DriveResult } from "./driver.ts";

export interface OperationCount {
  succeeded: number;
  failed: number;
}

/** How an execution ended, and what it has computed. */
export interface EndedAttempt {
  readonly executionId: ExecutionId;
  readonly outcome: DriveResult["kind"];
  readonly fuelUsed: number;
  /** How often it got an answer of its operations, those before a replay as well. */
  readonly operations: ReadonlyMap<string, OperationCount>;
}
