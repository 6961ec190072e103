import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../base/logger.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import type { CrashCount, CrashCountStore } from "../stores/crashes/crash-counts.ts";
import { crashCountsAgeMs, crashMemoryMs, maxCrashesInOneTurn } from "./limits.ts";

/**
 * Detects crash loops: executions and deploys that crash the executor, or one of its worker threads, repeatedly.
 *
 * A guest is deterministic, so an execution that crashes its thread does so in the same turn each time. An execution
 * that merely ran while an operator killed the process is in another turn at the next crash. So the guard counts
 * consecutive crashes in the same turn of the same execution. If several executions were in a turn when the process
 * died, each gets an equal fraction of the crash.
 *
 * All executors count together, because an execution that crashes one continues on another. The process that started an
 * executor process counts its crash; an executor without one is counted by the next start. Executors read the counts once
 * a second, so a few may crash in addition.
 *
 * Deploys are counted in the same way, and so is the work of the main thread between two turns of an execution: it reads
 * host calls and makes settlements of results, and both may crash it.
 */
export interface CrashGuard {
  /**
   * Rejects with `executor-crashed` if the execution is in a crash loop. The guard then pauses it as soon as
   *   Restate has recorded this failure, and counts from zero once it is resumed.
   */
  admit(executionId: ExecutionId): Promise<void>;
  /** Rejects with `compiler-crashed`. */
  admitDeploy(deployId: string): Promise<void>;
  /** Marks that the main thread works for this execution or deploy, until the result is disposed. */
  markWork(id: string): Disposable;
  /** Counts a turn that crashed its thread. `turn` is the number of turns of the execution before it. */
  record(executionId: ExecutionId, turn: number): void;
}

interface InFlightWork {
  /** The id of an execution or a deploy, not validated: it was read from a file. */
  readonly owner: string;
  readonly turn: number;
}

export interface CrashGuardOptions {
  readonly counts: CrashCountStore;
  readonly restate: Pick<RestateClient, "pause" | "query">;
  /** Records the work in flight in files that the next process reads. */
  readonly notes: { begin(owner: string, turn: number): Disposable };
  readonly logger: Logger;
}

/** Stands in for the number of a turn when the main thread was at work. */
const betweenTurns = -1;

export function createCrashGuard({ counts, restate, notes, logger }: CrashGuardOptions): CrashGuard {
  const known = cacheCounts(counts);
  const pausing = new Set<ExecutionId>();

  async function record(executionId: ExecutionId, count: CrashCount): Promise<void> {
    try {
      await known.change(async () => await counts.add(executionId, count, Date.now()));
    } catch (error) {
      logger.error(`cannot count a crash of execution ${executionId}`, { executionId, error });
    }
  }

  async function forget(executionId: ExecutionId): Promise<void> {
    await known.change(async () => await counts.remove(executionId));
  }

  async function pause(executionId: ExecutionId): Promise<void> {
    if (pausing.has(executionId)) return;
    pausing.add(executionId);
    try {
      await pauseAfterFailure(restate, executionId);
      await forget(executionId);
    } catch (error) {
      logger.error(`cannot pause execution ${executionId}`, { executionId, error });
    } finally {
      pausing.delete(executionId);
    }
  }

  return {
    async admit(executionId) {
      const { turn, crashes } = await known.of(executionId);
      if (crashes < maxCrashesInOneTurn) return;
      void pause(executionId);
      throw executionCrashes(turn);
    },
    async admitDeploy(deployId) {
      if (!isExecutionId(deployId) || (await known.of(deployId)).crashes < maxCrashesInOneTurn) return;
      await forget(deployId);
      throw deployCrashes();
    },
    markWork: (id) => notes.begin(id, betweenTurns),
    record: (executionId, turn) => void record(executionId, { turn, crashes: 1 }),
  };
}

/** Counts a crash for what each of these processes had in flight when it crashed. */
export async function countProcessCrashes(
  counts: CrashCountStore,
  processes: readonly (readonly InFlightWork[])[],
): Promise<void> {
  await counts.removeBefore(Date.now() - crashMemoryMs);
  for (const inFlight of processes) {
    // An execution in a turn may have a marker of the main thread as well, because that had just started the turn.
    const turns = new Map<string, number>();
    for (const { owner, turn } of inFlight) turns.set(owner, Math.max(turn, turns.get(owner) ?? turn));
    for (const [owner, turn] of turns) {
      if (isExecutionId(owner)) await counts.add(owner, { turn, crashes: 1 / turns.size }, Date.now());
    }
  }
}

function executionCrashes(turn: number): DuraniumError {
  const when = turn === betweenTurns ? "between two turns" : `in turn ${turn + 1}`;
  return new DuraniumError(
    "executor-crashed",
    `Execution paused: its executor or worker thread crashed ${maxCrashesInOneTurn} times in a row, each time ${when} (maxCrashesInOneTurn)`,
  );
}

function deployCrashes(): DuraniumError {
  return new DuraniumError(
    "compiler-crashed",
    `Cannot deploy the workflow: the process that compiled it crashed ${maxCrashesInOneTurn} times in a row (maxCrashesInOneTurn)`,
  );
}

/** Crashes are rare, and every attempt asks for its count: all are read at once, at most once a second. */
function cacheCounts(counts: CrashCountStore) {
  let known: ReturnType<CrashCountStore["all"]> | undefined;
  let readAt = -Infinity;
  /** Resolves when the latest change is stored. */
  let changed: Promise<void> = Promise.resolve();

  async function read(): ReturnType<CrashCountStore["all"]> {
    const before = known;
    try {
      await changed;
      return await counts.all();
    } catch (error) {
      // A database that is unavailable for a moment keeps no execution from running.
      if (before === undefined) throw error;
      return await before;
    }
  }

  return {
    async of(executionId: ExecutionId): Promise<CrashCount> {
      if (known === undefined || performance.now() - readAt > crashCountsAgeMs) {
        readAt = performance.now();
        known = read();
        known.catch(() => (known = undefined));
      }
      return (await known).get(executionId) ?? { turn: 0, crashes: 0 };
    },
    async change(work: () => Promise<void>): Promise<void> {
      const result = work();
      changed = result.catch(() => {});
      readAt = -Infinity;
      await result;
    },
  };
}

const pollMs = 100;
const pauseTimeoutMs = 30_000;

/**
 * Waits until Restate has recorded the failure of the attempt, then pauses the execution: Restate shows the last recorded
 * failure as the reason of the pause.
 */
async function pauseAfterFailure(restate: CrashGuardOptions["restate"], id: ExecutionId): Promise<void> {
  const deadline = Date.now() + pauseTimeoutMs;
  while (Date.now() < deadline) {
    await delay(pollMs);
    const status = await readInvocationStatus(restate, id);
    if (status === "backing-off") await restate.pause(id);
    else if (status !== "running" && status !== "ready") return;
  }
  throw new Error("the execution did not leave the running state");
}
