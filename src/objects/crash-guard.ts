import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../base/logger.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { crashMemoryMs, maxCrashesInOneTurn } from "./limits.ts";

/**
 * Detects crash loops: executions and deploys that crash the executor, or one of its worker threads, repeatedly.
 *
 * A guest is deterministic, so an execution that crashes its thread does so in the same turn each time. An execution
 * that merely ran while an operator killed the process is in another turn at the next crash. So the guard counts
 * consecutive crashes in the same turn of the same execution. If several executions were in a turn when the process
 * died, each gets an equal fraction of the crash.
 *
 * Deploys are counted in the same way, and so is the work of the main thread between two turns of an execution: it reads
 * host calls and makes settlements of results, and both may crash it.
 */
export interface CrashGuard {
  /**
   * @throws {DuraniumError} `executor-crashed` if the execution is in a crash loop. The guard then pauses it as soon as
   *   Restate has recorded this failure, and counts from zero once it is resumed.
   */
  admit(executionId: ExecutionId): void;
  /** @throws {DuraniumError} `compiler-crashed` */
  admitDeploy(deployId: string): void;
  /** Marks that the main thread works for this execution or deploy, until the result is disposed. */
  markWork(id: string): Disposable;
  /** Counts a turn that crashed its thread. `turn` is the number of turns of the execution before it. */
  record(executionId: ExecutionId, turn: number): void;
  /** Counts a crash of the previous process for everything that was in flight then. */
  recordProcessCrash(underWay: readonly InFlightWork[]): void;
}

interface InFlightWork {
  /** The id of an execution or a deploy, not validated: it is the name of a file. */
  readonly owner: string;
  readonly turn: number;
}

export interface CrashGuardOptions {
  /** The folder of the counts: one file for each execution. */
  readonly directory: string;
  readonly restate: Pick<RestateClient, "pause" | "query">;
  /** Records the work in flight in files that the next process reads. */
  readonly notes: { begin(owner: string, turn: number): Disposable };
  readonly logger: Logger;
}

interface Count {
  readonly turn: number;
  readonly crashes: number;
}

/** Stands in for the number of a turn when the main thread was at work. */
const betweenTurns = -1;

export function createCrashGuard({ directory, restate, notes, logger }: CrashGuardOptions): CrashGuard {
  const counts = readCounts(directory);
  const pausing = new Set<ExecutionId>();

  function record(executionId: ExecutionId, { turn, crashes: more }: Count): void {
    const known = counts.get(executionId);
    const crashes = more + (known?.turn === turn ? known.crashes : 0);
    counts.set(executionId, { turn, crashes });
    writeFileSync(join(directory, executionId), JSON.stringify({ turn, crashes }));
  }

  async function pause(executionId: ExecutionId): Promise<void> {
    if (pausing.has(executionId)) return;
    pausing.add(executionId);
    try {
      await pauseAfterFailure(restate, executionId);
      counts.delete(executionId);
      rmSync(join(directory, executionId), { force: true });
    } catch (error) {
      logger.error(`cannot pause execution ${executionId}`, { executionId, error });
    } finally {
      pausing.delete(executionId);
    }
  }

  return {
    admit(executionId) {
      const { turn = 0, crashes = 0 } = counts.get(executionId) ?? {};
      if (crashes < maxCrashesInOneTurn) return;
      void pause(executionId);
      const when = turn === betweenTurns ? "between two turns" : `in turn ${turn + 1}`;
      throw new DuraniumError(
        "executor-crashed",
        `Execution paused: its executor or worker thread crashed ${maxCrashesInOneTurn} times in a row, each time ${when} (maxCrashesInOneTurn)`,
      );
    },
    admitDeploy(deployId) {
      if (!isExecutionId(deployId) || (counts.get(deployId)?.crashes ?? 0) < maxCrashesInOneTurn) return;
      counts.delete(deployId);
      rmSync(join(directory, deployId), { force: true });
      throw new DuraniumError(
        "compiler-crashed",
        `Cannot deploy the workflow: the process that compiled it crashed ${maxCrashesInOneTurn} times in a row (maxCrashesInOneTurn)`,
      );
    },
    markWork: (id) => notes.begin(id, betweenTurns),
    record: (executionId, turn) => record(executionId, { turn, crashes: 1 }),
    recordProcessCrash(underWay) {
      // An execution in a turn may have a marker of the main thread as well, because that had just started the turn.
      const turns = new Map<string, number>();
      for (const { owner, turn } of underWay) turns.set(owner, Math.max(turn, turns.get(owner) ?? turn));
      for (const [owner, turn] of turns) {
        if (isExecutionId(owner)) record(owner, { turn, crashes: 1 / turns.size });
      }
    },
  };
}

function readCounts(directory: string): Map<ExecutionId, Count> {
  mkdirSync(directory, { recursive: true });
  const counts = new Map<ExecutionId, Count>();
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > crashMemoryMs) rmSync(path, { force: true });
    else if (isExecutionId(name)) counts.set(name, readCount(path));
  }
  return counts;
}

/** The process may have died while it wrote the file, so a file that is not JSON counts as no crashes. */
function readCount(path: string): Count {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Count;
  } catch {
    return { turn: 0, crashes: 0 };
  }
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
