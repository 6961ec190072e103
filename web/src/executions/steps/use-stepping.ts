import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Execution } from "#client";
import { useEffect, useMemo, useRef, useState } from "react";
import { isFinal } from "#domain/execution.ts";
import { api, describe } from "../../api.ts";
import { useRefusal } from "../../session/session.tsx";
import { createStepping } from "./stepping.ts";
import type { Recording, Stepping } from "./stepping.ts";

export interface SteppingState {
  readonly stepping: Stepping | undefined;
  /** Why there are no places in the source, as a sentence. */
  readonly reason: string | undefined;
  readonly isLoading: boolean;
  /** Loads a large recording; undefined if it is not large, or loaded. */
  readonly load: (() => void) | undefined;
}

/** A recording with more results is loaded on request. */
const maxUnaskedBytes = 4 * 1024 * 1024;
/** How often the recording of an execution in progress is read again. */
const rereadMs = 3_000;

/** Where the steps of an execution were made. An executor finds that out by replaying the execution. */
export function useStepping(execution: Execution): SteppingState {
  const { executionId, workflowId, steps, status, version } = execution;
  const mayManage = useRefusal("executions:manage", workflowId) === undefined;
  const isRefused = !mayManage && revealsCallbacks(execution);
  const [isAsked, setAsked] = useState(false);
  const bytes = steps.reduce((sum, { resultBytes = 0 }) => sum + resultBytes, 0);
  const isLarge = bytes > maxUnaskedBytes && !isAsked;
  const state = useSlowed(isFinal(status) ? "ended" : stateOf(execution), rereadMs);
  const { data, error, isPending } = useQuery({
    queryKey: ["recording", executionId, state],
    queryFn: async ({ signal }) =>
      await api.get("/executions/{executionId}/recording", { params: { path: { executionId } }, signal }),
    enabled: version !== undefined && steps.length > 0 && !isLarge && !isRefused,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const stepping = useMemo(
    () => (data === undefined ? undefined : createStepping(data, steps)),
    [data, steps],
  );
  const reason = isRefused
    ? "Your API key lacks the scope executions:manage, which the recording needs while URLs of callbacks may be open."
    : error === null
      ? data && reasonOf(data)
      : describe(error).detail;
  return {
    stepping,
    reason,
    isLoading: isPending && !isLarge && !isRefused && version !== undefined && steps.length > 0,
    load: isLarge ? () => setAsked(true) : undefined,
  };
}

/** Changes whenever a step was made or has ended. */
function stateOf({ steps, waitingFor }: Execution): string {
  const open = steps.filter(({ outcome }) => outcome === "pending").length;
  return `${steps.length} ${open} ${waitingFor.length}`;
}

/** A value that changes at most once in a period. */
function useSlowed<Value>(value: Value, periodMs: number): Value {
  const [slowed, setSlowed] = useState(value);
  const latest = useRef(value);
  const isBehind = value !== slowed;
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    // A further change does not start the period again.
    const timer = isBehind ? setTimeout(() => setSlowed(latest.current), periodMs) : undefined;
    return () => clearTimeout(timer);
  }, [isBehind, periodMs]);
  return slowed;
}

/** The same rule as the API's: the seed in the recording determines the URLs of callbacks. */
function revealsCallbacks({ status, steps }: Execution): boolean {
  const isOpen = !isFinal(status) || status === "failed";
  return isOpen && steps.some(({ name }) => name.startsWith("wait for callback "));
}

function reasonOf({ calls, deliveries, version }: Recording): string | undefined {
  if (calls.length === 0) return undefined;
  if (deliveries === undefined) {
    return `Version ${version} could not be replayed: it was deleted, or no executor can run it.`;
  }
  if (calls.some(({ stack }) => stack !== undefined)) return undefined;
  return `Version ${version} runs on an engine of an older release, which does not tell where a step was made.`;
}
