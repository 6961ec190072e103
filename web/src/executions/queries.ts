import type { Execution, ExecutionStatus } from "#client";
import { useQuery } from "@tanstack/react-query";
import { isFinal } from "#domain/execution.ts";
import { api } from "../api.ts";

/** How often what may change is asked for again. */
const liveMs = 1_000;
const waitingMs = 3_000;

/** An execution; again and again until it has ended, and once more for the fuel, which is known a moment later. */
export function useExecution(executionId: string) {
  return useQuery({
    queryKey: ["execution", executionId],
    queryFn: async ({ signal }) =>
      await api.get("/executions/{executionId}", { params: { path: { executionId } }, signal }),
    // Also after a failed request, even of an execution that has ended: the error would stay on the page otherwise.
    refetchInterval: ({ state }) =>
      state.data === undefined ? false : state.error === null ? pollingMs(state.data) : waitingMs,
  });
}

function pollingMs(execution: Execution): number | false {
  const { status, completedAt, fuelUsed } = execution;
  if (!isFinal(status)) return pollingMsOf(status);
  const isFresh = completedAt !== undefined && Date.now() - Date.parse(completedAt) < 10_000;
  return fuelUsed === undefined && isFresh ? liveMs : false;
}

function pollingMsOf(status: ExecutionStatus): number {
  return status === "running" || status === "retrying" ? liveMs : waitingMs;
}
