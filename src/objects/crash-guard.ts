import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../base/logger.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { crashMemoryMs, maxCrashesInOneTurn } from "../domain/limits.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";

/**
 * Keeps executions away that end their executor, or its threads, again and again.
 *
 * A guest is deterministic, so one that breaks the machine breaks it in the same turn each time, while one that was
 * only there when an operator killed the process is elsewhere the next time. So crashes are counted that come in the
 * same turn of the same execution, one after the other. Where several executions were in a turn as the process died,
 * each is held to be a part of the reason.
 *
 * The same holds for deploys, and for what the main thread does for an execution between its turns: it reads what the guest
 * asks for, and makes what came back into a result.
 */
export interface CrashGuard {
  /**
   * @throws {DuraniumError} `executor-crashed`, and has the execution paused as soon as Restate knows that: when it
   *   is resumed, it is counted anew
   */
  admit(executionId: ExecutionId): void;
  /** @throws {DuraniumError} `deploy-crashed` */
  admitDeploy(deployId: string): void;
  /** The main thread works for an execution, or on a deploy, until this is disposed. */
  markWork(id: string): Disposable;
  /** A turn ended its thread. `turn`: how many turns of the execution there were before. */
  record(executionId: ExecutionId, turn: number): void;
  /** The process before this one died while these were in a turn. */
  recordProcessCrash(underWay: readonly InFlightWork[]): void;
}

interface InFlightWork {
  /** An execution's id, as a file has it. */
  readonly owner: string;
  readonly turn: number;
}

export interface CrashGuardOptions {
  /** Where crashes are remembered: one file for each execution. */
  readonly directory: string;
  readonly restate: Pick<RestateClient, "pause" | "query">;
  /** Keeps what is under way where the next process finds it. */
  readonly notes: { begin(owner: string, turn: number): Disposable };
  readonly logger: Logger;
}

interface Count {
  readonly turn: number;
  readonly crashes: number;
}

/** Stands for the work of the main thread, where others have the number of a turn. */
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
      const when = turn === betweenTurns ? "between two of its turns" : `in its turn ${turn + 1}`;
      throw new DuraniumError(
        "executor-crashed",
        `The execution is paused: it ended its executor, or the thread that it ran on, ${maxCrashesInOneTurn} times one after the other, ${when} each time (maxCrashesInOneTurn)`,
      );
    },
    admitDeploy(deployId) {
      if (!isExecutionId(deployId) || (counts.get(deployId)?.crashes ?? 0) < maxCrashesInOneTurn) return;
      counts.delete(deployId);
      rmSync(join(directory, deployId), { force: true });
      throw new DuraniumError(
        "deploy-crashed",
        `Cannot deploy the workflow: the process that compiled it ended ${maxCrashesInOneTurn} times one after the other while it did so (maxCrashesInOneTurn)`,
      );
    },
    markWork: (id) => notes.begin(id, betweenTurns),
    record: (executionId, turn) => record(executionId, { turn, crashes: 1 }),
    recordProcessCrash(underWay) {
      // Where it was in a turn, the main thread had just handed it over: that is one of them, not two.
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

/** Half of a file is what is left where the process died as it was written. */
function readCount(path: string): Count {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Count;
  } catch {
    return { turn: 0, crashes: 0 };
  }
}

const pollMs = 100;
const pauseTimeoutMs = 30_000;

/** Restate shows of a paused execution why its last attempt failed: so it must have heard that first. */
async function pauseAfterFailure(restate: CrashGuardOptions["restate"], id: ExecutionId): Promise<void> {
  const deadline = Date.now() + pauseTimeoutMs;
  while (Date.now() < deadline) {
    await delay(pollMs);
    const status = await readInvocationStatus(restate, id);
    if (status === "backing-off") await restate.pause(id);
    else if (status !== "running" && status !== "ready") return;
  }
  throw new Error("it did not come to rest");
}
