import { ProblemError } from "#client";
import type { ExecutionStatus, ExecutionSummary } from "#client";
import { errorCatalogue } from "#domain/errors.ts";
import type { ErrorCode } from "#domain/errors.ts";
import { isFinal } from "#domain/execution.ts";
import { api } from "../../api.ts";

/** The outcome of one execution, or why it was refused. */
export type BulkOutcome = { readonly execution: ExecutionSummary } & (
  | { readonly retryExecutionId?: string }
  | { readonly refused: string }
);

/** The outcomes of a batch; of its first executions only if there is an error. */
export interface BatchOutcome {
  readonly tried: readonly BulkOutcome[];
  readonly error?: Error;
}

/** Where retries start. */
export type RetryFrom = "start" | "failed-step";

export interface BulkAction {
  /** Verb of the button: `Cancel`. */
  readonly verb: string;
  /** For the report: `cancelled`. */
  readonly done: string;
  readonly isDangerous: boolean;
  /** What it does, as sentences. */
  readonly about: string;
  /** Which executions it applies to. */
  appliesTo(status: ExecutionStatus): boolean;
  /** Why it does not apply to other executions: `only executions that have ended can be deleted`. */
  readonly others: string;
  /** @param batch executions that it applies to */
  run(batch: readonly ExecutionSummary[], from: RetryFrom): Promise<BatchOutcome>;
}

export type BulkActionName = "retry" | "resume" | "pause" | "cancel" | "delete";

export const bulkActions: Readonly<Record<BulkActionName, BulkAction>> = {
  retry: {
    verb: "Retry",
    done: "retried",
    isDangerous: false,
    about: "Starts a new execution for each, with the same input.",
    appliesTo: (status) => status === "failed" || status === "cancelled",
    others: "only failed and cancelled executions can be retried",
    run: retryBatch,
  },
  resume: {
    verb: "Resume",
    done: "resumed",
    isDangerous: false,
    about: "Continues paused executions. Executions that wait for their next attempt retry now.",
    appliesTo: (status) => status === "paused" || status === "retrying",
    others: "only paused and retrying executions can be resumed",
    run: async (batch) =>
      await eachOf(batch, async (params) => await api.post("/executions/{executionId}/resume", params)),
  },
  pause: {
    verb: "Pause",
    done: "paused",
    isDangerous: false,
    about: "Each pauses after its running steps, and continues when it is resumed.",
    appliesTo: (status) => !isFinal(status) && status !== "paused",
    others: "only executions that have not ended or paused can be paused",
    run: async (batch) =>
      await eachOf(batch, async (params) => await api.post("/executions/{executionId}/pause", params)),
  },
  cancel: {
    verb: "Cancel",
    done: "cancelled",
    isDangerous: true,
    about:
      "Pending host calls reject with CancelledError. The catch and finally blocks of the workflow may then run for 20 seconds.",
    appliesTo: (status) => !isFinal(status),
    others: "only executions that have not ended can be cancelled",
    run: async (batch) =>
      await eachOf(batch, async (params) => await api.post("/executions/{executionId}/cancel", params)),
  },
  delete: {
    verb: "Delete",
    done: "deleted",
    isDangerous: true,
    about:
      "Permanently deletes their inputs, results, steps and console output. External effects are not undone.",
    appliesTo: isFinal,
    others: "only executions that have ended can be deleted",
    run: async (batch) =>
      await eachOf(batch, async (params) => await api.delete("/executions/{executionId}", params)),
  },
};

/** One request for each execution, all at the same time. */
async function eachOf(
  batch: readonly ExecutionSummary[],
  send: (init: { readonly params: { readonly path: { readonly executionId: string } } }) => Promise<unknown>,
): Promise<BatchOutcome> {
  const sent = await Promise.allSettled(
    batch.map(async (execution) => {
      await untilAccepted(
        async () => await send({ params: { path: { executionId: execution.executionId } } }),
      );
      return { execution };
    }),
  );
  const tried: BulkOutcome[] = [];
  for (const [index, outcome] of sent.entries()) {
    const execution = batch[index] as ExecutionSummary;
    if (outcome.status === "fulfilled") tried.push(outcome.value);
    else if (isRefusal(outcome.reason)) tried.push({ execution, refused: outcome.reason.detail });
    else return { tried, error: outcome.reason as Error };
  }
  return { tried };
}

/** Whether the API refuses this execution, in contrast to an outage, which ends the whole action. */
function isRefusal(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 401;
}

/** Retries executions of one status with each request. Failed ones start where `from` says, cancelled ones at the start. */
async function retryBatch(batch: readonly ExecutionSummary[], from: RetryFrom): Promise<BatchOutcome> {
  const tried: BulkOutcome[] = [];
  for (const status of ["failed", "cancelled"] as const) {
    const those = batch.filter((execution) => execution.status === status);
    if (those.length === 0) continue;
    const outcome = await retryThose(those, { status, from: status === "failed" ? from : "start" });
    tried.push(...outcome.tried);
    if (outcome.error !== undefined) return { tried, error: outcome.error };
  }
  return { tried };
}

async function retryThose(
  batch: readonly ExecutionSummary[],
  options: { readonly status: "failed" | "cancelled"; readonly from: RetryFrom },
): Promise<BatchOutcome> {
  const executionIds = batch.map(({ executionId }) => executionId);
  const { items } = await untilAccepted(
    async () => await api.post("/executions/retry", { body: { executionIds, ...options } }),
  );
  const byId = new Map(items.map((item) => [item.executionId, item]));
  const failed = items.find(({ error }) => error !== undefined && isServerError(error.code));
  const end = failed === undefined ? batch.length : executionIds.indexOf(failed.executionId);
  const tried = batch.slice(0, end).map((execution): BulkOutcome => {
    const { retryExecutionId, error } = byId.get(execution.executionId) ?? {};
    if (retryExecutionId !== undefined) return { execution, retryExecutionId };
    return { execution, refused: error?.detail ?? "Already retried or deleted" };
  });
  return failed?.error === undefined ? { tried } : { tried, error: new Error(failed.error.detail) };
}

function isServerError(code: string): boolean {
  return Object.hasOwn(errorCatalogue, code) && errorCatalogue[code as ErrorCode].retryable;
}

/** The maximum number of retries of a request that the server asks to send later, because of overload or rate limits. */
const maxRepetitions = 10;

/** Requests are not aborted, because what an aborted one has done would be missing in the report. */
async function untilAccepted<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (let repetition = 0; ; repetition++) {
    try {
      return await send();
    } catch (error) {
      const waitSeconds = error instanceof ProblemError ? error.retryAfterSeconds : undefined;
      if (waitSeconds === undefined || repetition >= maxRepetitions) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1_000));
    }
  }
}
