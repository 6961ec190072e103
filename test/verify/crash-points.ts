import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { freePorts } from "../support/free-ports.ts";
import { existingExecutions } from "../support/introspection.ts";
import { lookAround } from "./aftermath.ts";
import { killAndRevive } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { readEnded } from "./ended-execution.ts";
import { fixedPrograms } from "./fixed-programs.ts";
import type { FixedProgramName } from "./fixed-programs.ts";
import { gatedWorkflow, startMessageGate } from "./message-gate.ts";
import type { MessageGate } from "./message-gate.ts";
import { unexpectedLines } from "./output.ts";
import { hasState } from "./places.ts";
import { plainPlan } from "./plan.ts";
import { timelessProgramOf } from "./program.ts";
import type { Step } from "./program.ts";
import { actOnRun, startRun } from "./run.ts";
import type { Run } from "./run.ts";
import { deployProgram } from "./source.ts";
import { startVerifyTarget } from "./target.ts";
import { findingsOn } from "./verdict.ts";
import type { Findings } from "./verdict.ts";
import { environmentFor, startInstallation } from "./victims.ts";
import type { Victim } from "./victims.ts";

export interface CrashPointOptions {
  /** The name of a fixed program, or the seed of a random one. */
  readonly program: FixedProgramName | number;
  readonly victim: Victim;
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  /** Crashes at the points 1, 1 + `every`, 1 + 2 `every`…: at all of them by default. */
  readonly every?: number;
  readonly progress?: (line: string) => void;
}

export interface CrashPointReport {
  /** The number of points at which executions were held and then killed. */
  readonly points: number;
  /** How many messages the undisturbed execution took, with all that it uses: the points that there are. */
  readonly messages: number;
  readonly duplicatedInFlight: number;
  readonly wrong: readonly string[];
}

/**
 * Crashes a program after each message that Restate and the executor exchange for it, which is after each
 * entry of its journal, and of those of its children, of its state, events and callbacks: as many executions as there are such points are held, each at its
 * own, and then all is killed. Result and effects of each are compared with those of an undisturbed execution.
 */
export async function crashEverywhere(options: CrashPointOptions): Promise<CrashPointReport> {
  if (options.victim === "executor")
    throw new Error(
      "Cannot crash an executor apart at a point: the gate stands before the one in the process",
    );
  const [executorPort = 0] = await freePorts(1);
  await using gate = await startMessageGate(executorPort);
  await using target = await startVerifyTarget();
  await using installation = await startInstallation(
    {
      ...environmentFor([options.victim], options.replayed),
      DURANIUM_EXECUTOR_PORT: String(executorPort),
      DURANIUM_EXECUTOR_URL: gate.url,
    },
    false,
  );
  const crashing: Crashing = { ...options, step: stepOf(options), shared: {}, gate, target, installation };
  const expected = await finish(crashing, await startExecution(crashing, 0));
  const messages = gate.passed();
  const ends = [expected];
  let points = 0;
  const { every = 1 } = options;
  const all = Array.from({ length: Math.ceil(messages / every) }, (_, index) => 1 + index * every);
  for (let at = 0; at < all.length; at += maxHeldAtOnce)
    ends.push(
      ...(await crashAt(crashing, all.slice(at, at + maxHeldAtOnce), (held) => void (points += held))),
    );
  const others = ends.filter(({ value }) => !isDeepStrictEqual(value, expected.value));
  const aftermath = await lookAround(
    { instance: installation.instance, target },
    ends.map(({ run }) => run),
    new Map(ends.map(({ run, findings }) => [run.number, findings.history])),
  );
  const { operations, requests } = target.totals();
  return {
    points,
    messages,
    duplicatedInFlight: requests - operations,
    wrong: [
      ...ends.flatMap(({ wrong, findings }) => [...wrong, ...findings.wrong]),
      ...others.map(({ run, value }) => `point ${run.number}: came to ${JSON.stringify(value)}`),
      ...aftermath.lost,
      ...aftermath.wrong,
      ...target.violations,
      ...unexpectedLines(installation.output(), false),
    ],
  };
}

interface Crashing extends Bench, CrashPointOptions {
  readonly gate: MessageGate;
  readonly step: Step;
  readonly shared: { workflow?: Promise<string> };
}

function stepOf({ program }: CrashPointOptions): Step {
  return typeof program === "number" ? timelessProgramOf(program) : fixedPrograms[program];
}

/** Each holds an instance of the sandbox, as do its children, and there are `maxInstances` of those. */
const maxHeldAtOnce = 48;

/** The time that Restate gets to store received messages before the kill. */
const settleMs = 200;

async function crashAt(
  crashing: Crashing,
  numbers: readonly number[],
  onHeld: (held: number) => void,
): Promise<readonly End[]> {
  const { gate, victim } = crashing;
  gate.hold(numbers);
  const begun = await Promise.all(numbers.map(async (number) => await startExecution(crashing, number)));
  await untilHeldOrEnded(
    crashing,
    begun.map(({ run }) => run),
  );
  await delay(settleMs);
  const held = gate.held().size;
  crashing.progress?.(`${held} of ${numbers.length} executions are held: killing ${victim}`);
  onHeld(held);
  await killAndRevive(crashing, victim, () => gate.open());
  return await Promise.all(begun.map(async (run) => await finish(crashing, run)));
}

/** Some end before they are held: how many messages there are depends on what arrives together. */
async function untilHeldOrEnded({ gate, installation }: Crashing, runs: readonly Run[]): Promise<void> {
  for (;;) {
    const executions = await existingExecutions(installation.instance);
    const ended = new Set(executions.filter(({ hasEnded }) => hasEnded).map(({ id }) => id));
    if (runs.every(({ number, executionId }) => gate.held().has(number) || ended.has(executionId))) return;
    await delay(50);
  }
}

interface Started {
  readonly run: Run;
  /** Forbidden responses to requests about it. */
  readonly acted: Promise<readonly string[]>;
}

async function startExecution(crashing: Crashing, number: number): Promise<Started> {
  const { installation, target, step } = crashing;
  const workflow = await workflowOf(crashing, number);
  const request = { number, workflow, program: step, language: "typescript" as const, plan: plainPlan };
  const run = await startRun(installation.instance, target, request);
  return { run, acted: actOnRun(installation.instance, run) };
}

/**
 * Runs of a program with state have a workflow each: one that is held must not keep others from the state that they would
 * share. The others share one, because a deploy takes longer than an execution.
 */
async function workflowOf({ installation, step, shared }: Crashing, number: number): Promise<string> {
  const deploy = async (workflow: string) => {
    await deployProgram(installation.instance, workflow, step);
    return workflow;
  };
  if (hasState(step)) return await deploy(gatedWorkflow(number));
  return await (shared.workflow ??= deploy("shared"));
}

interface End {
  readonly run: Run;
  readonly value: unknown;
  readonly wrong: readonly string[];
  readonly findings: Findings;
}

async function finish({ installation, target }: Crashing, { run, acted }: Started): Promise<End> {
  const wrong = (await acted).map((what) => `point ${run.number}: ${what}`);
  const execution = await readEnded(installation.instance, run.executionId);
  return { run, wrong, value: execution.ending, findings: findingsOn(execution, run, target) };
}
