import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { Instance } from "../support/instance.ts";
import { watchEnds } from "../support/introspection.ts";
import type { Ends } from "../support/introspection.ts";
import { addPythonEngine } from "../support/python-instance.ts";
import { eventTimeoutMs } from "../support/time-limits.ts";
import { lookAround } from "./aftermath.ts";
import type { Aftermath } from "./aftermath.ts";
import { killAndRevive } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { readEnded, standingOf } from "./ended-execution.ts";
import type { EndedExecution } from "./ended-execution.ts";
import { unexpectedLines } from "./output.ts";
import { plansOf } from "./plan.ts";
import { programsOf } from "./program.ts";
import { replayAll } from "./replays.ts";
import type { ReplayedExecution } from "./replays.ts";
import { actOnRun, startRun } from "./run.ts";
import type { Run, RunRequest } from "./run.ts";
import { deployProgram } from "./source.ts";
import type { ProgramLanguage } from "./source.ts";
import { startVerifyTarget } from "./target.ts";
import type { TargetTotals } from "./target.ts";
import { findingsOn } from "./verdict.ts";
import type { Findings } from "./verdict.ts";
import { replayingIf, startInstallation } from "./victims.ts";
import type { Victim } from "./victims.ts";

export interface CampaignOptions {
  readonly seed: number;
  readonly executions: number;
  /** The number of different programs. */
  readonly programs: number;
  /** Of the programs, in turn. TypeScript by default. */
  readonly languages?: readonly ProgramLanguage[];
  /** The number of concurrent executions. */
  readonly concurrency: number;
  /** The maximum number of kills: a campaign ends when all executions have ended. */
  readonly kills: number;
  /** Taken in turn. */
  readonly victims: readonly Victim[];
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  /** Receives progress messages. */
  readonly progress?: (line: string) => void;
}

export interface CampaignReport extends Counts {
  readonly kills: number;
  /** Executions whose recordings were replayed on their own version. */
  readonly replayed: number;
  /** What differed in these replays. */
  readonly replayedDifferently: readonly string[];
  /** Executions that did not end, or that are missing in Restate. */
  readonly lost: readonly string[];
  /** Results that no undisturbed run could have, and forbidden effects. */
  readonly wrong: readonly string[];
  /** Unexpected lines of output. */
  readonly unexpectedOutput: readonly string[];
  /** The longest time from a kill until everything responds again. */
  readonly slowestStartMs: number;
  readonly durationMs: number;
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

/** Runs random programs on a real installation while parts of it are killed, and verifies the result. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const startedAt = Date.now();
  await using target = await startVerifyTarget();
  await using installation = await startInstallation(
    replayingIf(options.replayed),
    options.victims.includes("executor"),
  );
  const requests = requestsOf(options);
  await deployAll(installation.instance, requests);
  using ends = watchEnds(installation.instance);
  const campaign: Campaign = { options, target, installation, ends, lastEnd: Date.now(), ended: 0 };
  const [killing, judged] = await Promise.all([killAtRandom(campaign), runAll(campaign, requests)]);
  const aftermath = await lookAround(
    campaign,
    judged.map(({ run }) => run),
    new Map(judged.map(({ run, findings }) => [run.number, findings?.history ?? []])),
  );
  const counts = countsOf(judged, aftermath, target.totals());
  const replays = await replayAll(installation.instance, endedOf(judged, aftermath));
  return {
    ...killing,
    replayed: replays.replayed,
    replayedDifferently: replays.wrong,
    ...counts,
    lost: [...judged.flatMap(({ lost }) => lost ?? []), ...aftermath.lost],
    wrong: [
      ...judged.flatMap(({ wrong }) => wrong),
      ...aftermath.wrong,
      ...target.violations,
      ...tooManyCutShort(counts),
    ],
    unexpectedOutput: unexpectedLines(installation.output(), counts.cutShort > 0),
    durationMs: Date.now() - startedAt,
  };
}

/** Each program once. */
async function deployAll(instance: Instance, requests: readonly RunRequest[]): Promise<void> {
  if (requests.some(({ language }) => language === "python")) await requirePython(instance);
  for (const { workflow, program, language } of new Map(
    requests.map((each) => [each.workflow, each]),
  ).values()) {
    await deployProgram(instance, workflow, program, language);
  }
}

async function requirePython(instance: Instance): Promise<void> {
  if (await addPythonEngine(instance)) return;
  throw new Error("The Python engine is missing: run node src/sandbox/engine/python/build-python-engine.ts");
}

function endedOf(judged: readonly Judged[], { children }: Aftermath): readonly ReplayedExecution[] {
  const runs = new Map(judged.map(({ run }) => [run.number, run]));
  const own = judged.flatMap(({ execution }) => execution ?? []);
  return [...own, ...children].flatMap(({ executionId, run }) => {
    const { program, language } = runs.get(run) ?? {};
    return program === undefined || language === undefined ? [] : [{ executionId, program, language }];
  });
}

interface Campaign extends Bench {
  readonly options: CampaignOptions;
  readonly ends: Ends;
  /** When an execution ended, or something was started again, for the last time. */
  lastEnd: number;
  ended: number;
}

/** Executions of one program are neighbours, so that they share its state at the same time. */
function requestsOf({
  seed,
  executions,
  programs: count,
  languages = ["typescript"],
}: CampaignOptions): readonly RunRequest[] {
  const programs = programsOf(seed, count);
  return plansOf(seed, executions).map((plan, number) => {
    const index = Math.floor((number * count) / executions);
    const program = programs[index];
    if (program === undefined) throw new Error("There are more executions than programs to share");
    const language = languages[index % languages.length] ?? "typescript";
    return { number, plan, program, language, workflow: `program-${index}` };
  });
}

async function killAtRandom(campaign: Campaign): Promise<Pick<CampaignReport, "kills" | "slowestStartMs">> {
  const { options } = campaign;
  const pauses = fc.sample(fc.integer({ min: 100, max: 3_000 }), {
    seed: options.seed,
    numRuns: options.kills,
  });
  let slowestStartMs = 0;
  for (const [kills, pauseMs] of pauses.entries()) {
    await delay(pauseMs);
    await untilDue(campaign, kills);
    if (campaign.ended === options.executions) return { kills, slowestStartMs };
    const victim = options.victims[kills % options.victims.length] ?? "process";
    slowestStartMs = Math.max(slowestStartMs, await killAndRevive(campaign, victim));
    campaign.lastEnd = Date.now();
    options.progress?.(`killed ${victim}, ${campaign.ended} of ${options.executions} executions ended`);
  }
  return { kills: pauses.length, slowestStartMs };
}

/** Kills are spread over the executions: each waits until its share of them has ended, or is under way. */
async function untilDue(campaign: Campaign, kill: number): Promise<void> {
  const { options } = campaign;
  const due = (kill * options.executions) / options.kills - options.concurrency / 2;
  while (campaign.ended < due) await delay(50);
}

interface Judged {
  readonly run: Run;
  readonly wrong: readonly string[];
  readonly execution?: EndedExecution;
  readonly findings?: Findings;
  /** The reason why it counts as lost. */
  readonly lost?: string;
}

async function runAll(campaign: Campaign, requests: readonly RunRequest[]): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const waiting = requests.values();
  const lanes = Array.from({ length: campaign.options.concurrency }, async () => {
    for (const request of waiting) {
      judged.push(await runOne(campaign, request));
      campaign.ended += 1;
      campaign.lastEnd = Date.now();
    }
  });
  await Promise.all(lanes);
  return judged;
}

async function runOne(campaign: Campaign, request: RunRequest): Promise<Judged> {
  const { target, installation } = campaign;
  const { instance } = installation;
  const run = await startRun(instance, target, request);
  const [wrongAnswers, hasEnded] = await Promise.all([
    actOnRun(instance, run),
    untilEnded(campaign, run.executionId),
  ]);
  const wrong = wrongAnswers.map((what) => `run ${run.number}: ${what}`);
  if (!hasEnded) return { run, wrong, lost: await standingOf(instance, run.executionId) };
  const execution = await readEnded(instance, run.executionId);
  const findings = findingsOn(execution, run, target);
  return { run, execution, findings, wrong: [...wrong, ...findings.wrong] };
}

/** @returns whether it did */
async function untilEnded(campaign: Campaign, executionId: string): Promise<boolean> {
  while (!campaign.ends.has(executionId)) {
    if (Date.now() - campaign.lastEnd > stuckAfterMs) return false;
    await delay(50);
  }
  return true;
}

function countsOf(
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

/** Some are caused by kills. */
function tooManyCutShort({ cutShort, cancelled }: Counts): readonly string[] {
  return cutShort * 2 > cancelled ? [`${cutShort} of ${cancelled} that were cancelled did not clean up`] : [];
}

function hasOwn(what: unknown, name: string): boolean {
  return typeof what === "object" && what !== null && Object.hasOwn(what, name);
}
