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
  isPaused(workflowId: WorkflowId): Promise<boolean>;
  /** @throws {DuraniumError} `workflow-paused`, which is retryable, if the execution is paused with its workflow */
  admit(attempt: RunningAttempt): Promise<void>;
  /** Suspends the attempts in flight whose workflow has been paused since. */
  suspendPaused(): Promise<void>;
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
    isPaused: async (workflowId) => (await pauses.get(workflowId)) !== undefined,
    async admit(attempt) {
      const { executionId, workflowId, ended } = attempt;
      if (ended.aborted) return;
      // Before the database is read, so that a pause of this moment is noticed by either side.
      running.add(attempt);
      ended.addEventListener("abort", () => running.delete(attempt), { once: true });
      const pause = await pauses.get(workflowId);
      if (pause?.running !== true || !(await pauses.add({ executionId, workflowId }))) return;
      running.delete(attempt);
      hasRefused = true;
      throw new DuraniumError("workflow-paused", `Execution paused: ${pauseText(workflowId, pause)}`);
    },
    async suspendPaused() {
      if (running.size === 0) return;
      const paused = await pauses.all();
      for (const attempt of running) {
        const { executionId, workflowId } = attempt;
        if (paused.get(workflowId)?.running === true && (await pauses.add({ executionId, workflowId }))) {
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
