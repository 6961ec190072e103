import { setTimeout as delay } from "node:timers/promises";
import { eventTimeoutMs } from "../support/time-limits.ts";
import type { Aftermath } from "./aftermath.ts";
import { readEnded, standingOf } from "./ended-execution.ts";
import type { EndedExecution } from "./ended-execution.ts";
import { actOnRun, startRun } from "./run.ts";
import type { Run, RunBench, RunRequest } from "./run.ts";
import type { TargetTotals } from "./target.ts";
import { findingsOn } from "./verdict.ts";
import type { Findings } from "./verdict.ts";

/** A run that has ended, or that counts as lost. */
export interface Judged {
  readonly run: Run;
  readonly wrong: readonly string[];
  readonly execution?: EndedExecution;
  readonly findings?: Findings;
  /** The reason why it counts as lost. */
  readonly lost?: string;
}

/** The size of what was verified. */
export interface Counts {
  readonly executions: number;
  /** Executions that other executions started. */
  readonly children: number;
  /** Executions of both kinds that were cancelled. */
  readonly cancelled: number;
  /** Cancelled executions that a kill prevented from reporting to the target. */
  readonly cutShort: number;
  /** The operations that the target was asked for. */
  readonly operations: number;
  /** Requests for an operation that the target had seen before, allowed where it was cut off in flight. */
  readonly duplicatedInFlight: number;
  /** Requests whose sender had exited before the response was sent. */
  readonly cutOff: number;
  /** Taken. */
  readonly callbacks: number;
  /** Received. */
  readonly events: number;
  /** State changes whose end was observed. */
  readonly stateChanges: number;
  /** Stored. */
  readonly consoleLines: number;
}

/** Time without any execution ending, and without a kill, after which the remaining ones count as lost. */
const stuckAfterMs = eventTimeoutMs;

/** Runs one program from its request to the verdict on its end. */
export async function runOne(bench: RunBench, request: RunRequest): Promise<Judged> {
  const { target, instance } = bench;
  const run = await startRun(instance, target, request);
  const [wrongAnswers, hasEnded] = await Promise.all([
    actOnRun(instance, run),
    untilEnded(bench, run.executionId),
  ]);
  const wrong = wrongAnswers.map((what) => `run ${run.number}: ${what}`);
  if (!hasEnded) return { run, wrong, lost: await standingOf(instance, run.executionId) };
  const execution = await readEnded(instance, run.executionId);
  const findings = findingsOn(execution, run, target);
  return { run, execution, findings, wrong: [...wrong, ...findings.wrong] };
}

/** @returns whether it did */
async function untilEnded(bench: RunBench, executionId: string): Promise<boolean> {
  while (!bench.ends.has(executionId)) {
    if (Date.now() - bench.lastEnd > stuckAfterMs) return false;
    await delay(50);
  }
  return true;
}

export function countsOf(
  judged: readonly Judged[],
  { children, cutShort }: Aftermath,
  totals: TargetTotals,
): Counts {
  const own = judged.flatMap(({ execution }) => execution ?? []);
  const all = [...own, ...children];
  const learned = judged.flatMap(({ findings }) => findings?.history ?? []).map(({ what }) => what);
  return {
    executions: judged.length,
    children: children.length,
    cancelled: all.filter(({ status }) => status === "cancelled").length,
    cutShort: cutShort + judged.filter(({ findings }) => findings?.wasCutShort === true).length,
    operations: totals.operations,
    duplicatedInFlight: totals.requests - totals.operations,
    cutOff: totals.cutOff,
    callbacks: totals.callbacks,
    events: learned.filter((what) => hasOwn(what, "name")).length,
    stateChanges: learned.filter((what) => ["key", "deleted", "tallied"].some((name) => hasOwn(what, name)))
      .length,
    consoleLines: all.reduce((sum, { lines }) => sum + lines.length, 0),
  };
}

function hasOwn(what: unknown, name: string): boolean {
  return typeof what === "object" && what !== null && Object.hasOwn(what, name);
}
