import { ProblemError } from "#client";
import type { ExecutionSummary } from "#client";
import { useEffect, useRef, useState } from "react";
import { errorCatalogue } from "#domain/errors.ts";
import type { ErrorCode } from "#domain/errors.ts";
import { api } from "../../api.ts";

/** The outcome of one execution: its retry, or why it failed. */
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
  /** The number of selected executions. */
  readonly total: number;
  readonly outcomes: readonly RetryOutcome[];
  /** Executions that were not attempted, because the bulk retry was stopped or failed. */
  readonly rest: readonly ExecutionSummary[];
  /** Why it ended early. */
  readonly error: unknown;
  /** Resolves when it has completed, was stopped, or failed. */
  readonly run: (request: BulkRetryRequest) => Promise<void>;
  /** Takes effect after the request in flight. */
  readonly stop: () => void;
}

/** Executions per request. Progress is updated after each request. */
const batchSize = 10;

/** Retries executions in batches and records each outcome. Stops when the component unmounts. */
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

/** @returns the outcomes of the batch; only of its first executions if there is an error */
async function retryBatch(
  batch: readonly ExecutionSummary[],
  { from, status }: Omit<BulkRetryRequest, "executions">,
  signal: AbortSignal,
): Promise<{ readonly tried: readonly RetryOutcome[]; readonly error?: Error }> {
  const executionIds = batch.map(({ executionId }) => executionId);
  const { items } = await untilAccepted(
    // Not aborted, because retries that an aborted request has started would be missing in the report.
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

/** The maximum number of retries of a request that the server asks to send later, because of overload or rate limits. */
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
