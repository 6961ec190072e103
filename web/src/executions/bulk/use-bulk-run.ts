import type { ExecutionSummary } from "#client";
import { useEffect, useRef, useState } from "react";
import type { BatchOutcome, BulkOutcome } from "./bulk-action.ts";

export interface BulkRun {
  readonly phase: "idle" | "running" | "ended";
  /** The number of selected executions. */
  readonly total: number;
  readonly outcomes: readonly BulkOutcome[];
  /** Executions that were not attempted, because the run was stopped or failed. */
  readonly rest: readonly ExecutionSummary[];
  /** Why it ended early. */
  readonly error: unknown;
  /** Resolves when it has completed, was stopped, or failed. */
  readonly run: (
    executions: readonly ExecutionSummary[],
    act: (batch: readonly ExecutionSummary[]) => Promise<BatchOutcome>,
  ) => Promise<void>;
  /** Takes effect after the requests in flight. */
  readonly stop: () => void;
}

/** Executions per batch. Progress is updated after each batch. */
const batchSize = 10;

/** Acts on executions in batches and records each outcome. Stops when the component unmounts. */
export function useBulkRun(): BulkRun {
  const [state, setState] = useState<Omit<BulkRun, "run" | "stop">>({
    phase: "idle",
    total: 0,
    outcomes: [],
    rest: [],
    error: undefined,
  });
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const run: BulkRun["run"] = async (executions, act) => {
    const { signal } = (stopping.current = new AbortController());
    let outcomes = state.outcomes;
    let rest = executions;
    const show = (phase: BulkRun["phase"], error?: unknown) =>
      setState({ phase, total: outcomes.length + rest.length, outcomes, rest, error });
    show("running");
    try {
      while (rest.length > 0 && !signal.aborted) {
        const { tried, error } = await act(rest.slice(0, batchSize));
        const isTried = new Set(tried.map(({ execution }) => execution.executionId));
        outcomes = [...outcomes, ...tried];
        rest = rest.filter(({ executionId }) => !isTried.has(executionId));
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
