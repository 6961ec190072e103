import { ProblemError } from "#client";
import type { ExecutionSummary } from "#client";
import { useEffect, useRef, useState } from "react";
import { errorCatalogue } from "#domain/errors.ts";
import type { ErrorCode } from "#domain/errors.ts";
import { api } from "../../api.ts";

/** What came of one execution: its retry, or the reason why there is none. */
export type RetryOutcome = { readonly execution: ExecutionSummary } & (
  | { readonly retryExecutionId: string }
  | { readonly refused: string }
);

export interface BulkRetryRequest {
  readonly executions: readonly ExecutionSummary[];
  readonly from: "start" | "failed-step";
  readonly status: "failed" | "cancelled";
}

export interface BulkRetry {
  readonly phase: "idle" | "running" | "ended";
  /** How many executions were chosen. */
  readonly total: number;
  readonly outcomes: readonly RetryOutcome[];
  /** Those that were not tried, as it was stopped or failed before. */
  readonly rest: readonly ExecutionSummary[];
  /** Why it ended before all were tried. */
  readonly error: unknown;
  /** Resolves when all were tried, it was stopped, or it failed. */
  readonly run: (request: BulkRetryRequest) => Promise<void>;
  /** Takes effect after the request that is under way. */
  readonly stop: () => void;
}

/** Executions in one request: progress is shown between requests. */
const batchSize = 10;

/** Retries executions in batches, and keeps what came of each. Stops where the component goes. */
export function useBulkRetry(): BulkRetry {
  const [state, setState] = useState<Omit<BulkRetry, "run" | "stop">>({
    phase: "idle",
    total: 0,
    outcomes: [],
    rest: [],
    error: undefined,
  });
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const run = async ({ executions, from, status }: BulkRetryRequest) => {
    const { signal } = (stopping.current = new AbortController());
    let outcomes = state.outcomes;
    let rest = executions;
    const show = (phase: BulkRetry["phase"], error?: unknown) =>
      setState({ phase, total: outcomes.length + rest.length, outcomes, rest, error });
    show("running");
    try {
      while (rest.length > 0 && !signal.aborted) {
        const batch = rest.slice(0, batchSize);
        const { tried, error } = await retryBatch(batch, { from, status }, signal);
        outcomes = [...outcomes, ...tried];
        rest = rest.slice(tried.length);
        if (error !== undefined) throw error;
        show("running");
      }
      show("ended");
    } catch (error) {
      show("ended", signal.aborted ? undefined : error);
    }
  };
  return { ...state, run, stop: () => stopping.current?.abort() };
}

/** @returns the outcomes of the first executions of the batch; of all of them unless there is an error */
async function retryBatch(
  batch: readonly ExecutionSummary[],
  { from, status }: Omit<BulkRetryRequest, "executions">,
  signal: AbortSignal,
): Promise<{ readonly tried: readonly RetryOutcome[]; readonly error?: Error }> {
  const executionIds = batch.map(({ executionId }) => executionId);
  const { items } = await untilAccepted(
    // Not aborted: what was restarted by a request without an answer would not be in the report.
    async () => await api.post("/executions/retry", { body: { executionIds, from, status } }),
    signal,
  );
  const byId = new Map(items.map((item) => [item.executionId, item]));
  const failed = items.find(({ error }) => error !== undefined && isServerError(error.code));
  const end = failed === undefined ? batch.length : executionIds.indexOf(failed.executionId);
  const tried = batch.slice(0, end).map((execution): RetryOutcome => {
    const { retryExecutionId, error } = byId.get(execution.executionId) ?? {};
    if (retryExecutionId !== undefined) return { execution, retryExecutionId };
    return { execution, refused: error?.detail ?? "Already retried or deleted" };
  });
  return failed?.error === undefined ? { tried } : { tried, error: new Error(failed.error.detail) };
}

function isServerError(code: string): boolean {
  return Object.hasOwn(errorCatalogue, code) && errorCatalogue[code as ErrorCode].retryable;
}

/** How often a request is repeated that the server asks to send later: when it is overloaded, or of too many requests. */
const maxRepetitions = 10;

async function untilAccepted<Answer>(send: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let repetition = 0; ; repetition++) {
    try {
      return await send();
    } catch (error) {
      const waitSeconds = error instanceof ProblemError ? error.retryAfterSeconds : undefined;
      if (waitSeconds === undefined || repetition >= maxRepetitions || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1_000));
    }
  }
}
