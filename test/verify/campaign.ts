import * as fc from "fast-check";
import { setTimeout as delay } from "node:timers/promises";
import { deploy } from "../support/executions.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { judge, operationsOf } from "./model.ts";
import type { Ending } from "./model.ts";
import { unexpectedLines } from "./output.ts";
import { executionIds, watchEnds } from "./introspection.ts";
import type { Ends } from "./introspection.ts";
import { programsOf } from "./program.ts";
import type { Step } from "./program.ts";
import { sourceOf } from "./source.ts";
import type { ProgramPayload, ProgramResult } from "./source.ts";
import { startVerifyTarget } from "./target.ts";
import type { VerifyTarget } from "./target.ts";
import { replayingIf, startInstallation } from "./victims.ts";
import type { Installation, Victim } from "./victims.ts";

export interface CampaignOptions {
  readonly seed: number;
  readonly executions: number;
  /** How many different programs they execute. */
  readonly programs: number;
  /** How many executions are under way at once. */
  readonly concurrency: number;
  /** How often something is killed, at most: it ends when all executions have ended. */
  readonly kills: number;
  /** Taken in turn. */
  readonly victims: readonly Victim[];
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  /** Takes lines on how it goes. */
  readonly progress?: (line: string) => void;
}

export interface CampaignReport {
  readonly executions: number;
  readonly kills: number;
  readonly operations: number;
  /** Requests for an operation that the target had seen before, allowed where it was cut off in flight. */
  readonly duplicatedInFlight: number;
  /** Requests whose sender was gone before the answer was out. */
  readonly cutOff: number;
  /** Executions that did not end, or that Restate does not know. */
  readonly lost: readonly string[];
  /** Results that no undisturbed run could have, and effects that must not have been. */
  readonly wrong: readonly string[];
  /** Lines of output that nobody expects. */
  readonly unexpectedOutput: readonly string[];
  /** From the kill until everything answers again: the longest. */
  readonly slowestStartMs: number;
  readonly durationMs: number;
}

/** How long nothing may come to an end, with nothing killed meanwhile, before what is left counts as lost. */
const stuckAfterMs = 90_000;

/** Runs random programs on a real installation while parts of it are killed, and judges what came of it. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const startedAt = Date.now();
  await using target = await startVerifyTarget();
  await using installation = await startInstallation(
    replayingIf(options.replayed),
    options.victims.includes("executor"),
  );
  const programs = programsOf(options.seed, options.programs);
  for (const [index, program] of programs.entries()) {
    await deploy(installation.instance, workflowOf(index), sourceOf(program));
  }
  using ends = watchEnds(installation.instance);
  const state = { ids: new Map(), lastEnd: Date.now(), ended: 0 };
  const campaign: Campaign = { options, target, installation, programs, ends, ...state };
  const [killing, runs] = await Promise.all([killAtRandom(campaign), runAll(campaign)]);
  return { ...(await reportOn(campaign, runs)), ...killing, durationMs: Date.now() - startedAt };
}

async function reportOn(
  campaign: Campaign,
  runs: readonly RunReport[],
): Promise<Omit<CampaignReport, "kills" | "slowestStartMs" | "durationMs">> {
  const { installation, options, target } = campaign;
  const { operations, requests, cutOff } = target.totals();
  const wrong = [
    ...runs.flatMap(({ wrong }) => wrong),
    ...target.violations,
    ...(await findStrays(campaign)),
  ];
  return {
    executions: options.executions,
    operations,
    duplicatedInFlight: requests - operations,
    cutOff,
    lost: runs.flatMap(({ lost }) => lost),
    wrong,
    unexpectedOutput: unexpectedLines(installation.output()),
  };
}

interface Campaign {
  readonly options: CampaignOptions;
  readonly target: VerifyTarget;
  readonly installation: Installation;
  readonly programs: readonly Step[];
  readonly ends: Ends;
  /** Execution ids by run. */
  readonly ids: Map<number, string>;
  /** When an execution ended, or something was started again, for the last time. */
  lastEnd: number;
  ended: number;
}

function workflowOf(program: number): string {
  return `program-${program}`;
}

async function killAtRandom(campaign: Campaign): Promise<Pick<CampaignReport, "kills" | "slowestStartMs">> {
  const { options, installation, target } = campaign;
  const pauses = fc.sample(fc.integer({ min: 100, max: 5_000 }), {
    seed: options.seed,
    numRuns: options.kills,
  });
  let slowestStartMs = 0;
  for (const [kills, pauseMs] of pauses.entries()) {
    await delay(pauseMs);
    if (campaign.ended === options.executions) return { kills, slowestStartMs };
    const victim = options.victims[kills % options.victims.length] ?? "process";
    slowestStartMs = Math.max(slowestStartMs, await killAndRevive({ installation, target }, victim));
    campaign.lastEnd = Date.now();
    options.progress?.(`killed ${victim}, ${campaign.ended} of ${options.executions} executions ended`);
  }
  return { kills: pauses.length, slowestStartMs };
}

/** @returns how long it took, in milliseconds */
export async function killAndRevive(
  { installation, target }: Pick<Campaign, "installation" | "target">,
  victim: Victim,
  onKilled: () => void = () => {},
): Promise<number> {
  const killedAt = Date.now();
  target.disturbed();
  await installation.kill(victim);
  onKilled();
  // Requests that had left before the end may still be on their way to the target.
  await delay(50);
  target.disturbed();
  await installation.revive(victim);
  return Date.now() - killedAt;
}

interface RunReport {
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
}

async function runAll(campaign: Campaign): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  const runs = Array.from({ length: campaign.options.executions }, (_, run) => run).values();
  const lanes = Array.from({ length: campaign.options.concurrency }, async () => {
    for (const run of runs) {
      reports.push(await runOne(campaign, run));
      campaign.ended += 1;
      campaign.lastEnd = Date.now();
    }
  });
  await Promise.all(lanes);
  return reports;
}

async function runOne(campaign: Campaign, run: number): Promise<RunReport> {
  const { installation, target, programs } = campaign;
  const program = run % programs.length;
  const executionId = await beginSurely(installation.instance, workflowOf(program), { url: target.url, run });
  campaign.ids.set(run, executionId);
  const hasEnded = await untilEnded(campaign, executionId);
  const detail = await detailOf(installation.instance, executionId);
  const where = `run ${run} (${workflowOf(program)}, ${executionId})`;
  if (!hasEnded) return { lost: [`${where} hangs: ${JSON.stringify(detail)}`], wrong: [] };
  const step = programs[program];
  const wrong = step === undefined ? [] : wrongsOf(step, run, detail, target);
  return { lost: [], wrong: wrong.map((what) => `${where}: ${what}`) };
}

/** Begins a run once, however often the answer is lost: the key makes the second request the first one. */
export async function beginSurely(
  instance: Instance,
  workflow: string,
  payload: ProgramPayload,
): Promise<string> {
  for (;;) {
    const answer = await instance
      .request("POST", `/workflows/${workflow}/execute`, {
        body: payload,
        headers: { "idempotency-key": `run-${payload.run}` },
      })
      .catch(() => undefined);
    if (answer?.status === 202) return answer.body.executionId;
    if (answer !== undefined && answer.status < 500)
      throw new Error(`execute answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await delay(100);
  }
}

/** @returns whether it did */
async function untilEnded(campaign: Campaign, executionId: string): Promise<boolean> {
  while (!campaign.ends.has(executionId)) {
    if (Date.now() - campaign.lastEnd > stuckAfterMs) return false;
    await delay(50);
  }
  return true;
}

/** Asks until it is told, and as wanted. */
export async function detailOf(
  instance: Instance,
  executionId: string,
  isWanted: (detail: ApiAnswer["body"]) => boolean = () => true,
): Promise<ApiAnswer["body"]> {
  for (;;) {
    const answer = await instance.request("GET", `/executions/${executionId}`).catch(() => undefined);
    if (answer?.status === 200 && isWanted(answer.body)) return answer.body;
    await delay(100);
  }
}

export function isEnded({ status }: ApiAnswer["body"]): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What of an ended execution's result and effects no undisturbed run could have had. */
export function wrongsOf(
  program: Step,
  run: number,
  detail: ApiAnswer["body"],
  target: VerifyTarget,
): string[] {
  const { done, ending } = endingOf(detail);
  target.ended(run, done);
  const { wrong, effects } = judge(program, ending);
  const possible = new Set(operationsOf(program));
  return [
    ...(detail.status === "cancelled" ? ["it was cancelled"] : []),
    ...(wrong === undefined ? [] : [wrong]),
    ...effects.filter((step) => target.count(run, step) === 0).map((step) => `the effect of ${step} is lost`),
    ...target
      .steps(run)
      .filter((step) => !possible.has(step))
      .map((step) => `${step} is no operation of its program`),
  ];
}

function endingOf({ status, result, failure }: ApiAnswer["body"]): {
  readonly ending: Ending;
  readonly done: readonly string[];
} {
  if (status !== "completed") return { ending: { ok: false, message: String(failure?.message) }, done: [] };
  const { value, done } = result as ProgramResult;
  return { ending: { ok: true, value }, done };
}

/** Executions that nobody asked for, and ones that were begun and are not there. */
async function findStrays({ installation, ids }: Campaign): Promise<string[]> {
  const begun = new Set(ids.values());
  const known = new Set(await executionIds(installation.instance));
  return [
    ...[...known].filter((id) => !begun.has(id)).map((id) => `${id} was begun twice, or by nobody`),
    ...[...begun].filter((id) => !known.has(id)).map((id) => `${id} is not known to Restate`),
  ];
}
