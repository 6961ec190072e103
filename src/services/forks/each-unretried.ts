import type { ExecutionFilter } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { listUnretried } from "../../read-model/lists/execution-list.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";

/** What an action returned for an execution, or why it was refused. */
export type EachOutcome<Result> = { readonly executionId: ExecutionId } & (
  | Result
  | { readonly refusal: DuraniumError }
);

/** An action on each matching execution that was neither retried nor forked. */
export type EachUnretried = <Result extends object>(
  matching: {
    readonly filter: ExecutionFilter;
    readonly limit: number;
    readonly dryRun?: boolean | undefined;
  },
  act: (executionId: ExecutionId) => Promise<Result>,
) => Promise<EachOutcome<Result>[]>;

/**
 * Retries or forks the matching executions, newest first, except those that have been retried or forked before. An execution
 * for which that is refused is reported, and the others follow.
 *
 * Requests at the same time may list the same executions. Each execution is taken by one of those in this process, because its
 * second retry would repeat effects of the first one. Among several processes, forks have an idempotency key; retries have none.
 *
 * @throws {DuraniumError} if the server fails at the first one
 */
export function createEachUnretried(restate: RestateSql): EachUnretried {
  /** What requests have taken. They may be in the lists of others until no request is in progress. */
  const taken = new Set<ExecutionId>();
  let inProgress = 0;

  return async ({ filter, limit, dryRun = false }, act) => {
    inProgress += 1;
    try {
      const listed = await listUnretried(restate, filter, limit);
      return await actOnEach(listed, act, dryRun ? new Set() : taken);
    } finally {
      inProgress -= 1;
      if (inProgress === 0) taken.clear();
    }
  };
}

async function actOnEach<Result extends object>(
  executionIds: readonly ExecutionId[],
  act: (executionId: ExecutionId) => Promise<Result>,
  taken: Set<ExecutionId>,
): Promise<EachOutcome<Result>[]> {
  const outcomes: EachOutcome<Result>[] = [];
  for (const executionId of executionIds) {
    if (taken.has(executionId)) continue;
    taken.add(executionId);
    try {
      outcomes.push({ executionId, ...(await act(executionId)) });
    } catch (error) {
      taken.delete(executionId);
      if (!(error instanceof DuraniumError)) throw error;
      if (error.retryable && outcomes.length === 0) throw error;
      outcomes.push({ executionId, refusal: error });
      // A repeated request continues here. Failing as a whole would hide the executions before.
      if (error.retryable) break;
    }
  }
  return outcomes;
}
