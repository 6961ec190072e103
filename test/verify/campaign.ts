import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { Instance } from "../support/instance.ts";
import { watchEnds } from "../support/introspection.ts";
import { addPythonEngine } from "../support/python-instance.ts";
import { lookAround } from "./aftermath.ts";
import type { Aftermath } from "./aftermath.ts";
import { killAndRevive } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { countsOf, runOne } from "./judged-run.ts";
import type { Counts, Judged } from "./judged-run.ts";
import { unexpectedLines } from "./output.ts";
import { plansOf } from "./plan.ts";
import { programsOf } from "./program.ts";
import { replayAll } from "./replays.ts";
import type { ReplayedExecution } from "./replays.ts";
import type { RunBench, RunRequest } from "./run.ts";
import { deployProgram } from "./source.ts";
import type { ProgramLanguage } from "./source.ts";
import { startVerifyTarget } from "./target.ts";
import { environmentFor, startInstallation } from "./victims.ts";
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

/** Runs random programs on a real installation while parts of it are killed, and verifies the result. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const startedAt = Date.now();
  await using target = await startVerifyTarget();
  await using installation = await startInstallation(
    environmentFor(options.victims, options.replayed),
    options.victims.includes("executor"),
  );
  const requests = requestsOf(options);
  await deployAll(installation.instance, requests);
  using ends = watchEnds(installation.instance);
  const { instance } = installation;
  const campaign: Campaign = {
    options,
    instance,
    target,
    installation,
    ends,
    lastEnd: Date.now(),
    ended: 0,
  };
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

interface Campaign extends Bench, RunBench {
  readonly options: CampaignOptions;
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

/** Some are caused by kills. */
function tooManyCutShort({ cutShort, cancelled }: Counts): readonly string[] {
  return cutShort * 2 > cancelled ? [`${cutShort} of ${cancelled} that were cancelled did not clean up`] : [];
}
