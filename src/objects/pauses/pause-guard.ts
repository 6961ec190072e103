import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { pauseText } from "../../domain/flow/workflow-pause.ts";
import type { WorkflowPauseStore } from "../../stores/workflow-pauses.ts";

/**
 * Pauses running executions with their workflow, each at its next step.
 *
 * It refuses the attempts of such an execution, and suspends the attempt in flight, so that the next one is refused. Restate
 * then backs off, and the sweep pauses the execution. Every attempt is checked, so a pause holds whatever process is killed,
 * and an execution that sleeps is paused when it wakes.
 *
 * Deliberately not here: new executions, which wait in the queue of the workflow.
 */
export interface PauseGuard {
  /** True if new executions of the workflow have to wait. */
  isPaused(workflowId: WorkflowId): boolean;
  /** @throws {DuraniumError} `workflow-paused`, which is retryable, if the execution is paused with its workflow */
  admit(attempt: RunningAttempt): void;
  /** Suspends the attempts in flight whose workflow has been paused since. */
  suspendPaused(): void;
  /** True once after attempts were refused. */
  takeRefused(): boolean;
}

export interface RunningAttempt {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
  /** Ends the attempt when it next waits. */
  readonly suspend: () => void;
  /** Aborts when the attempt has ended. */
  readonly ended: AbortSignal;
}

export function createPauseGuard(pauses: Pick<WorkflowPauseStore, "get" | "add" | "all">): PauseGuard {
  const running = new Set<RunningAttempt>();
  // An earlier process may have refused attempts.
  let hasRefused = true;
  return {
    isPaused: (workflowId) => pauses.get(workflowId) !== undefined,
    admit(attempt) {
      const { executionId, workflowId, ended } = attempt;
      const pause = pauses.get(workflowId);
      if (pause?.running === true && pauses.add({ executionId, workflowId })) {
        hasRefused = true;
        throw new DuraniumError("workflow-paused", `Execution paused: ${pauseText(workflowId, pause)}`);
      }
      if (ended.aborted) return;
      running.add(attempt);
      ended.addEventListener("abort", () => running.delete(attempt), { once: true });
    },
    suspendPaused() {
      if (running.size === 0) return;
      const paused = pauses.all();
      for (const attempt of running) {
        const { executionId, workflowId } = attempt;
        if (paused.get(workflowId)?.running === true && pauses.add({ executionId, workflowId })) {
          running.delete(attempt);
          attempt.suspend();
        }
      }
    },
    takeRefused() {
      const had = hasRefused;
      hasRefused = false;
      return had;
    },
  };
}
