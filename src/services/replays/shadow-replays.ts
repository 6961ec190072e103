import { createWaker } from "../../base/concurrency/waker.ts";
import type { Logger } from "../../base/logger.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { Recording } from "../../recordings/recording.ts";
import type { ShadowOutcome, ShadowReplay } from "../../replay/shadow-replay.ts";
import { maxShadowBacklog, maxShadowReads, shadowDelayMs } from "./limits.ts";

/**
 * Replays a sample of ended executions on their own version in the background. A difference means that the platform is not
 * deterministic, so an execution in flight could not continue after a crash.
 *
 * The sample is taken when an execution ends, and at most `perMinute` of them, so what is replayed does not grow with the load. One
 * replay runs at a time, on threads of low priority.
 */
export interface ShadowReplays extends AsyncDisposable {
  /** An execution of this process is about to end. Never throws. */
  ended(end: EndedExecution): void;
}

export interface EndedExecution {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
  readonly outcome: string;
  readonly fuelUsed: number;
}

export interface ShadowReplayOptions {
  /** The probability with which an execution is sampled. */
  readonly share: number;
  readonly perMinute: number;
  /** Reads the recording. Without an outcome, the end is not journaled yet. */
  readonly readRecording: (end: EndedExecution) => Promise<Recording>;
  readonly replay: (recording: Recording) => Promise<ShadowReplay>;
  readonly onReplayed: (end: EndedExecution, outcome: ShadowOutcome) => void | Promise<void>;
  /** Called with each replay that differs, and with what differs. */
  readonly onDifferent: (end: EndedExecution, recording: Recording, what: string) => void;
  readonly now: () => number;
  readonly random: () => number;
  readonly logger: Logger;
}

interface Sampled extends EndedExecution {
  readonly reads: number;
  readonly dueAt: number;
}

export function startShadowReplays(options: ShadowReplayOptions): ShadowReplays {
  const stopping = new AbortController();
  const waker = createWaker();
  const backlog: Sampled[] = [];
  const isWithinRate = createRate(options);
  const loop = keepReplaying(options, { backlog, waker }, stopping.signal);
  return {
    ended(end) {
      const isKnown = backlog.some(({ executionId }) => executionId === end.executionId);
      if (end.outcome === "skipped" || isKnown || backlog.length >= maxShadowBacklog) return;
      if (options.random() >= options.share || !isWithinRate()) return;
      backlog.push({ ...end, reads: 0, dueAt: options.now() + shadowDelayMs });
      waker.wake();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loop;
    },
  };
}

function createRate({ perMinute, now }: Pick<ShadowReplayOptions, "perMinute" | "now">): () => boolean {
  let minute = 0;
  let taken = 0;
  return () => {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, taken] = [current, 0];
    taken += 1;
    return taken <= perMinute;
  };
}

async function keepReplaying(
  options: ShadowReplayOptions,
  { backlog, waker }: { readonly backlog: Sampled[]; readonly waker: ReturnType<typeof createWaker> },
  signal: AbortSignal,
): Promise<void> {
  const idleMs = 60_000;
  while (!signal.aborted) {
    const [next] = backlog;
    const waitMs = next === undefined ? idleMs : next.dueAt - options.now();
    if (next === undefined || waitMs > 0) {
      await waker.sleep(waitMs, signal);
      continue;
    }
    backlog.shift();
    try {
      const again = await replayOne(options, next);
      if (again !== undefined) backlog.push(again);
    } catch (error) {
      options.logger.warn("cannot replay an execution in the background", {
        execution: next.executionId,
        error,
      });
    }
  }
}

/** @returns the execution if its end is not in the journal yet */
async function replayOne(options: ShadowReplayOptions, sampled: Sampled): Promise<Sampled | undefined> {
  const recording = await options.readRecording(sampled);
  const reads = sampled.reads + 1;
  if (recording.outcome === undefined) {
    return reads < maxShadowReads
      ? { ...sampled, reads, dueAt: options.now() + shadowDelayMs * 2 ** reads }
      : undefined;
  }
  const { outcome, what = "" } = await options.replay(recording);
  await options.onReplayed(sampled, outcome);
  if (outcome === "different") options.onDifferent(sampled, recording, what);
  return undefined;
}
