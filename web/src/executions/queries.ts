import type { Execution, ExecutionStatus } from "#client";
import { useQuery } from "@tanstack/react-query";
import { isFinal } from "#domain/execution.ts";
import { api } from "../api.ts";

/** The poll interval. */
const liveMs = 1_000;
const waitingMs = 3_000;

/** An execution, polled until it ends, and then once more for the fuel, which is recorded a moment later. */
export function useExecution(executionId: string) {
  return useQuery({
    queryKey: ["execution", executionId],
    queryFn: async ({ signal }) =>
      await api.get("/executions/{executionId}", { params: { path: { executionId } }, signal }),
    // Polling continues after a failed request, even of an ended execution. Otherwise the error would stay.
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
