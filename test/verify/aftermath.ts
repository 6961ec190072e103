import { setTimeout as delay } from "node:timers/promises";
import { countStateChanges, existingExecutions, readState } from "../support/introspection.ts";
import type { KnownExecution } from "../support/introspection.ts";
import { eventTimeoutMs } from "../support/time-limits.ts";
import { readEnded, standingOf } from "./ended-execution.ts";
import type { EndedExecution } from "./ended-execution.ts";
import { wrongState } from "./kept-state.ts";
import { rootsOf } from "./places.ts";
import type { Run, RunBench } from "./run.ts";
import { findingsOn, strayOperations } from "./verdict.ts";
import type { Findings } from "./verdict.ts";
import type { Entry } from "./workflow/history.ts";

/** The findings after all runs have ended. */
export interface Aftermath {
  /** Children that did not end, and executions that are missing in Restate. */
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
  readonly children: readonly EndedExecution[];
  /** Children that were cancelled and had no time to report it. */
  readonly cutShort: number;
}

type JudgedBench = Pick<RunBench, "instance" | "target">;

/** Maximum time for the remaining work to end without further kills. */
const timeoutMs = eventTimeoutMs;

/**
 * Judges what runs left behind: their children, and the state of their workflows. And whether there are as many
 * executions as were begun.
 *
 * @param histories of the runs' own executions, by the number of the run
 */
export async function lookAround(
  bench: JudgedBench,
  runs: readonly Run[],
  histories: ReadonlyMap<number, readonly Entry[]>,
): Promise<Aftermath> {
  const executions = await settledExecutions(bench);
  const own = new Map(runs.map((run) => [run.executionId, run]));
  const known = new Set(executions.map(({ id }) => id));
  const unknown = [...own.keys()].filter((id) => !known.has(id));
  const others = executions.filter(({ id }) => !own.has(id));
  const children = await judgeChildren(bench, runs, others.filter(hasParent));
  const all = new Map(runs.map(({ number }) => [number, [...(histories.get(number) ?? [])]]));
  for (const { execution, findings } of children.judged) all.get(execution.run)?.push(...findings.history);
  return {
    lost: [...unknown.map((id) => `${id} is not known to Restate`), ...children.lost],
    wrong: [
      ...others
        .filter((each) => !hasParent(each))
        .map(({ id }) => `${id} was started twice, or without a parent`),
      ...children.judged.flatMap(({ findings }) => findings.wrong),
      // The number of starts of hanging ones is unknown.
      ...(children.lost.length === 0 ? wrongFamilies(runs, all, children.judged) : []),
      ...runs.flatMap((run) => strayOperations(run, bench.target)),
      ...(await wrongStates(bench, runs, all)),
    ],
    children: children.judged.map(({ execution }) => execution),
    cutShort: children.judged.filter(({ findings }) => findings.wasCutShort).length,
  };
}

function hasParent({ parent }: KnownExecution): boolean {
  return parent !== undefined;
}

/** Waits until all executions have ended. */
async function settledExecutions({ instance }: JudgedBench): Promise<readonly KnownExecution[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const executions = await existingExecutions(instance);
    const isQuiet = executions.every(({ hasEnded }) => hasEnded) && (await countStateChanges(instance)) === 0;
    if (isQuiet || Date.now() > deadline) return executions;
    await delay(100);
  }
}

interface JudgedChild {
  readonly execution: EndedExecution;
  readonly findings: Findings;
}

async function judgeChildren(
  { instance, target }: JudgedBench,
  runs: readonly Run[],
  children: readonly KnownExecution[],
): Promise<{ readonly judged: readonly JudgedChild[]; readonly lost: readonly string[] }> {
  const byNumber = new Map(runs.map((run) => [run.number, run]));
  const judged: JudgedChild[] = [];
  const lost: string[] = [];
  for (const { id, hasEnded } of children) {
    const execution = hasEnded ? await readEnded(instance, id) : undefined;
    const run = execution === undefined ? undefined : byNumber.get(execution.run);
    if (execution === undefined) lost.push(await standingOf(instance, id));
    else if (run === undefined) lost.push(`the child ${id} has no parent`);
    else judged.push({ execution, findings: findingsOn(execution, run, target) });
  }
  return { judged, lost };
}

/** Each child must exist once, at the position where its parent reports that it started it. */
function wrongFamilies(
  runs: readonly Run[],
  histories: ReadonlyMap<number, readonly Entry[]>,
  children: readonly JudgedChild[],
): readonly string[] {
  return runs.flatMap((run) => {
    const { number } = run;
    const roots = children.filter(({ execution }) => execution.run === number).map(rootOf);
    const possible = rootsOf(run.program);
    const begun = (histories.get(number) ?? []).filter(({ is }) => is === "began").map(({ at }) => `${at}>`);
    return [
      ...roots
        .filter((root, index) => roots.indexOf(root) !== index)
        .map((root) => `${root} was begun twice`),
      ...roots.filter((root) => !possible.has(root)).map((root) => `${root} is no child of its program`),
      ...begun.filter((root) => !roots.includes(root)).map((root) => `${root} was begun, and is not there`),
    ].map((what) => `run ${number}: ${what}`);
  });
}

function rootOf({ execution }: JudgedChild): string {
  return execution.root;
}

async function wrongStates(
  { instance }: JudgedBench,
  runs: readonly Run[],
  histories: ReadonlyMap<number, readonly Entry[]>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [workflow, own] of Map.groupBy(runs, (run) => run.workflow)) {
    const state = await readState(instance, workflow);
    const history = own.flatMap(({ number }) => histories.get(number) ?? []);
    wrong.push(...wrongState(state, own, history).map((what) => `${workflow}: ${what}`));
  }
  return wrong;
}
