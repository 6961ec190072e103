import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { listBackingOff } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { WorkflowPauseStore } from "../../stores/workflow-pauses.ts";
import type { PauseGuard } from "./pause-guard.ts";

export interface PauseSweepOptions {
  readonly pauses: WorkflowPauseStore;
  readonly guard: Pick<PauseGuard, "suspendPaused" | "takeRefused">;
  readonly restate: Pick<RestateClient, "query" | "pause" | "resume">;
  /** Resumes an execution, if it is paused once it has its slots. */
  readonly resume: (executionId: ExecutionId) => Promise<void>;
  /** Receives the number of paused workflows. */
  readonly onSwept: (paused: number) => void;
  readonly logger: Logger;
}

const sweepIntervalMs = 500;

/** Executions that one sweep pauses or resumes. The next one finds the rest. */
const maxExecutionsPerSweep = 1_000;

/** The number of concurrent requests to Restate. */
const concurrency = 8;

/**
 * Pauses the executions whose attempts were refused because their workflow is paused, and resumes them once it is resumed.
 * Which executions these are is stored, so the sweep of the next process continues.
 */
export function startPauseSweep(options: PauseSweepOptions): AsyncDisposable {
  const { pauses, guard, restate, resume, onSwept, logger } = options;
  let isDue = false;

  async function pauseRefused(): Promise<void> {
    const paused = await pauses.all();
    onSwept(paused.size);
    const including = [...paused].filter(([, { running }]) => running).map(([workflowId]) => workflowId);
    isDue = guard.takeRefused() || isDue;
    if (including.length === 0 || !isDue) return;
    const found = await listBackingOff(restate, including, maxExecutionsPerSweep);
    const refused = await pauses.pausedOf(found.map(({ executionId }) => executionId));
    await each(
      found.filter(({ executionId }) => refused.has(executionId)),
      async (execution) => await pauseOne(execution),
    );
    isDue = refused.size > 0;
  }

  async function pauseOne({ executionId, workflowId }: Found): Promise<void> {
    await unlessEnded(async () => await restate.pause(executionId));
    // Another process may have resumed the workflow, and this execution, in the meantime.
    if ((await pauses.get(workflowId)) === undefined) await restate.resume(executionId);
  }

  async function resumeOthers(): Promise<void> {
    await each(await pauses.resumable(maxExecutionsPerSweep), async ({ executionId, exempt }) => {
      if (!exempt) await resume(executionId);
      await pauses.forget(executionId);
    });
  }

  const sweep = async () => {
    await guard.suspendPaused();
    await pauseRefused();
    await resumeOthers();
  };
  return startPeriodic(sweep, {
    intervalMs: sweepIntervalMs,
    failure: "cannot pause or resume executions with their workflow",
    logger,
  });
}

interface Found {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
}

async function each<T>(items: readonly T[], perform: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const item of rest) await perform(item);
    }),
  );
}

/** An execution that has ended, or runs again, is left alone. */
async function unlessEnded(operate: () => Promise<void>): Promise<void> {
  try {
    await operate();
  } catch (error) {
    if (!(error instanceof DuraniumError) || error.retryable) throw error;
  }
}
