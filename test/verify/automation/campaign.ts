import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { ApiAnswer, Instance } from "../../support/instance.ts";
import { eventTimeoutMs } from "../../support/time-limits.ts";
import { killAndRevive } from "../bench.ts";
import { unexpectedLines } from "../output.ts";
import { replayingIf, startInstallation } from "../victims.ts";
import type { Installation, Victim } from "../victims.ts";
import { createSchedules, deployQueues, startQueued } from "./deploy-workload.ts";
import type { Ask } from "./deploy-workload.ts";
import { judgeQueued, judgeRate, judgeSchedule } from "./judge.ts";
import type { End, WatchedSchedule } from "./judge.ts";
import { readEnds, readQueueCounts, readSlots } from "./observe.ts";
import { startRecorder } from "./recorder.ts";
import type { Recorder, Report } from "./recorder.ts";
import { concurrencyLimitsOf, workloadOf } from "./workload.ts";
import type { QueuedCase, Workload, WorkloadOptions } from "./workload.ts";

export interface AutomationOptions extends WorkloadOptions {
  /** The maximum number of kills. */
  readonly kills: number;
  /** The time between kills, drawn from this range. */
  readonly pauseMs: { readonly min: number; readonly max: number };
  /** Taken in turn. */
  readonly victims: readonly Victim[];
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  /** Receives progress messages. */
  readonly progress?: (line: string) => void;
}

export interface AutomationReport {
  readonly kills: number;
  readonly slowestStartMs: number;
  readonly instants: number;
  readonly runs: number;
  readonly skipped: number;
  readonly queued: number;
  readonly cancelled: number;
  readonly killed: number;
  readonly duplicatedInFlight: number;
  /** The most executions at the same time, by the name of the limit. */
  readonly most: ReadonlyMap<string, number>;
  /** Instants and queued executions that did not run. */
  readonly lost: readonly string[];
  /** Instants and queued executions that ran more than once. */
  readonly twice: readonly string[];
  /** Times at which more ran, or started, than a limit allows. */
  readonly above: readonly string[];
  /** Slots that are taken after all executions have ended. */
  readonly slotsLeft: readonly string[];
  /** Unexpected lines of output. */
  readonly unexpectedOutput: readonly string[];
  /** From the end of the schedules until everything had run. */
  readonly drainedMs: number;
  readonly durationMs: number;
}

/** Time without any progress, and without a kill, after which what is missing counts as lost. */
const stuckAfterMs = eventTimeoutMs;

/** Requests that start executions at the same time. */
const lanes = 16;

/** Schedules and queues work on a real installation while parts of it are killed, and compares the result with the model. */
export async function runAutomation(options: AutomationOptions): Promise<AutomationReport> {
  const startedAt = Date.now();
  const workload = workloadOf(options);
  await using recorder = await startRecorder(limitsIn(workload));
  await using installation = await startInstallation(
    replayingIf(options.replayed),
    options.victims.includes("executor"),
  );
  const { instance } = installation;
  await deployQueues(instance, workload);
  const campaign: Campaign = { options, workload, recorder, installation, executionIds: new Map() };
  // Half a second beside the instants of all schedules.
  const endAt = 1_000 * Math.ceil((Date.now() + options.durationMs) / 1_000) + 500;
  const created = await createSchedules(instance, workload, { url: recorder.url, endAt });
  const schedules = created.map((schedule) => ({ ...schedule, endAt }));
  options.progress?.(`created ${schedules.length} schedules`);
  const [killing] = await Promise.all([killAtRandom(campaign, endAt), queueAll(campaign)]);
  await delay(Math.max(0, endAt - Date.now()));
  const result = await untilSettled(campaign, schedules);
  const slotsLeft = await untilReleased(instance);
  return {
    ...killing,
    ...result,
    slotsLeft,
    queued: workload.queued.length,
    duplicatedInFlight: recorder.duplicatedInFlight,
    most: recorder.most,
    twice: [...result.twice, ...recorder.repeated],
    above: [
      ...recorder.above,
      ...workload.queues.flatMap((queue) => judgeRate(queue, recorder.reports.values())),
    ],
    unexpectedOutput: unexpectedLines(installation.output(), true),
    drainedMs: Date.now() - endAt,
    durationMs: Date.now() - startedAt,
  };
}

/** The limits on what the target works on at the same time: those of the queue, or one run of a schedule. */
function limitsIn({ queues, schedules }: Workload): (report: Report) => ReadonlyMap<string, number> {
  const queueOf = new Map(queues.map((queue) => [queue.workflow, queue]));
  const exclusive = new Set(schedules.filter(({ overlap }) => overlap !== "allow").map(({ id }) => id));
  return ({ workflow, key, names: [name = ""] }) => {
    const queue = queueOf.get(workflow);
    if (queue !== undefined) return concurrencyLimitsOf(queue, key);
    const [scheduleId = ""] = name.split("/", 1);
    return new Map(exclusive.has(scheduleId) ? [[scheduleId, 1]] : []);
  };
}

interface Campaign {
  readonly options: AutomationOptions;
  readonly workload: Workload;
  readonly recorder: Recorder;
  readonly installation: Installation;
  /** By the names of the queued executions. */
  readonly executionIds: Map<string, string>;
}

type Schedule = Omit<WatchedSchedule, "missed" | "skipped">;

async function killAtRandom(
  { options, installation, recorder }: Campaign,
  endAt: number,
): Promise<{ readonly kills: number; readonly slowestStartMs: number }> {
  const pauses = fc.sample(fc.integer(options.pauseMs), { seed: options.seed, numRuns: options.kills });
  let slowestStartMs = 0;
  for (const [kills, pauseMs] of pauses.entries()) {
    if (Date.now() + pauseMs > endAt) return { kills, slowestStartMs };
    await delay(pauseMs);
    const victim = options.victims[kills % options.victims.length] ?? "process";
    recorder.setDown(true);
    const startMs = await killAndRevive({ installation, target: recorder }, victim);
    recorder.setDown(false);
    slowestStartMs = Math.max(slowestStartMs, startMs);
    options.progress?.(`killed ${victim}, back after ${startMs} ms, ${recorder.reports.size} executions ran`);
  }
  return { kills: pauses.length, slowestStartMs };
}

/** Starts all queued executions, and ends some of them on purpose. */
async function queueAll(campaign: Campaign): Promise<void> {
  const { workload, recorder, installation, executionIds } = campaign;
  const request: Ask = async (...asked) => await askSurely(installation.instance, ...asked);
  const waiting = workload.queued.values();
  const interfering: Promise<void>[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const queued of waiting) {
        const executionId = await startQueued({ url: recorder.url, request }, queued);
        executionIds.set(queued.name, executionId);
        interfering.push(interfere(campaign, queued, executionId));
      }
    }),
  );
  campaign.options.progress?.(`started ${executionIds.size} queued executions`);
  await Promise.all(interfering);
}

async function interfere({ installation }: Campaign, queued: QueuedCase, executionId: string): Promise<void> {
  const { fate, fateAfterMs } = queued;
  const { instance } = installation;
  if (fate === "runs") return;
  await delay(fateAfterMs);
  if (fate === "cancelled") await askSurely(instance, "POST", `/executions/${executionId}/cancel`);
  else await killInRestate(instance, executionId);
}

async function killInRestate({ restateAdminUrl }: Instance, executionId: string): Promise<void> {
  const url = `${restateAdminUrl}/invocations/${executionId}/kill`;
  for (;;) {
    const response = await fetch(url, { method: "PATCH" }).catch(() => undefined);
    if (response !== undefined && response.status < 500) return;
    await delay(retryMs);
  }
}

/** While Duranium is down. */
const retryMs = 100;

/** Asks until there is a response that does not depend on what is down just now. */
async function askSurely(instance: Instance, ...asked: Parameters<Ask>): Promise<ApiAnswer> {
  for (;;) {
    const answer = await instance.request(...asked).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    await delay(retryMs);
  }
}

type Result = Pick<
  AutomationReport,
  "lost" | "twice" | "instants" | "runs" | "skipped" | "cancelled" | "killed"
>;

/** Waits until nothing is missing and nothing runs, or until nothing changes any more. */
async function untilSettled(campaign: Campaign, schedules: readonly Schedule[]): Promise<Result> {
  let last = "";
  let changedAt = Date.now();
  for (;;) {
    const ends = await readEnds(campaign.installation.instance);
    const result = await judge(campaign, schedules, ends);
    const running = [...ends.values()].filter(({ outcome }) => outcome === "running").length;
    if (running === 0 && result.lost.length === 0) return result;
    const state = JSON.stringify([running, result.lost.length, campaign.recorder.reports.size]);
    if (state !== last) {
      [last, changedAt] = [state, Date.now()];
      campaign.options.progress?.(`waiting for ${running} executions, ${result.lost.length} are missing`);
    }
    if (Date.now() - changedAt > stuckAfterMs) return result;
    await delay(2_000);
  }
}

async function judge(
  { workload, recorder: { seen, reports }, installation, executionIds }: Campaign,
  schedules: readonly Schedule[],
  ends: ReadonlyMap<string, End>,
): Promise<Result> {
  const { body } = await installation.instance.request("GET", "/schedules?limit=100");
  const infos = new Map<string, { missed: number; skipped: number }>(
    body.items.map(({ id, info }: { id: string; info: unknown }) => [id, info]),
  );
  const watched = schedules.map((schedule) => {
    const { missed = NaN, skipped = NaN } = infos.get(schedule.id) ?? {};
    return { ...schedule, missed, skipped };
  });
  const verdicts = [
    ...watched.map((schedule) => judgeSchedule(schedule, seen)),
    ...workload.queued.map((queued) => {
      const executionId = executionIds.get(queued.name) ?? "";
      return judgeQueued(queued, { end: ends.get(executionId), executionId, seen });
    }),
  ];
  const outcomes = [...ends.values()].map(({ outcome }) => outcome);
  const runs = [...seen.keys()].filter((name) => name.includes("/")).length;
  const skipped = watched.reduce((sum, schedule) => sum + schedule.skipped, 0);
  return {
    lost: verdicts.flatMap(({ lost }) => lost),
    twice: [...verdicts.flatMap(({ twice }) => twice), ...strays(ends, reports, executionIds)],
    instants: runs + skipped,
    runs,
    skipped,
    cancelled: outcomes.filter((outcome) => outcome === "cancelled").length,
    killed: outcomes.filter((outcome) => outcome === "killed").length,
  };
}

/** Executions in Restate that were not started, and did not report an instant: starts that were repeated. */
function strays(
  ends: ReadonlyMap<string, End>,
  reports: ReadonlyMap<string, unknown>,
  executionIds: ReadonlyMap<string, string>,
): readonly string[] {
  const known = new Set(executionIds.values());
  return [...ends]
    .filter(([id, { outcome }]) => outcome !== "running" && !known.has(id) && !reports.has(id))
    .map(([id, { workflow, outcome }]) => `${workflow}: ${id} ${outcome} and is unknown`);
}

/** The sweep returns the slots of killed executions after some seconds. */
async function untilReleased(instance: Instance): Promise<readonly string[]> {
  const deadline = Date.now() + stuckAfterMs / 4;
  for (;;) {
    const left = [...(await readSlots(instance)), ...(await readQueueCounts(instance))];
    if (left.length === 0 || Date.now() > deadline) return left;
    await delay(500);
  }
}
