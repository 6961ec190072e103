import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { killAndRevive } from "../bench.ts";
import { unexpectedLines } from "../output.ts";
import { environmentFor, startInstallation } from "../victims.ts";
import { createSchedules, deployQueues, startQueued } from "./deploy-workload.ts";
import type { Ask } from "./deploy-workload.ts";
import { askSurely, interfere, purgeQueue } from "./interfere.ts";
import { concurrencyLimitsOf } from "./queue-workload.ts";
import { startRecorder } from "./recorder.ts";
import type { Report } from "./recorder.ts";
import type { AutomationOptions, AutomationReport } from "./report.ts";
import { judgeStarts, untilReleased, untilSettled } from "./settle.ts";
import type { Campaign } from "./settle.ts";
import { workloadOf } from "./workload.ts";
import type { Workload } from "./workload.ts";

/** Requests that start executions at the same time. */
const lanes = 16;

/** Schedules and queues work on a real installation while parts of it are killed, and compares the result with the model. */
export async function runAutomation(options: AutomationOptions): Promise<AutomationReport> {
  const startedAt = Date.now();
  const workload = workloadOf(options);
  await using recorder = await startRecorder(limitsIn(workload));
  await using installation = await startInstallation(
    environmentFor(options.victims, options.replayed),
    options.victims.includes("executor"),
  );
  const { instance } = installation;
  await deployQueues(instance, workload);
  const campaign: Campaign = {
    options,
    workload,
    recorder,
    installation,
    executionIds: new Map(),
    disturbances: [],
    wrong: [],
  };
  // Half a second beside the instants of all schedules.
  const endAt = 1_000 * Math.ceil((Date.now() + options.durationMs) / 1_000) + 500;
  const created = await createSchedules(instance, workload, { url: recorder.url, endAt });
  const schedules = created.map((schedule) => ({ ...schedule, endAt }));
  options.progress?.(`created ${schedules.length} schedules`);
  const [killing] = await Promise.all([
    killAtRandom(campaign, endAt),
    queueAll(campaign),
    purgeQueues(campaign, endAt),
  ]);
  await delay(Math.max(0, endAt - Date.now()));
  const result = await untilSettled(campaign, schedules);
  const slotsLeft = await untilReleased(instance);
  const starts = await judgeStarts(campaign);
  return {
    ...killing,
    ...result,
    slotsLeft,
    queued: workload.queued.length,
    duplicatedInFlight: recorder.duplicatedInFlight,
    most: recorder.most,
    twice: [...result.twice, ...recorder.repeated],
    ...starts,
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

/** How long what was queued before a kill may still be delivered out of order when all is running again. */
const recoveryMs = 2_000;

async function killAtRandom(
  { options, installation, recorder, disturbances }: Campaign,
  endAt: number,
): Promise<{ readonly kills: number; readonly slowestStartMs: number }> {
  const pauses = fc.sample(fc.integer(options.pauseMs), { seed: options.seed, numRuns: options.kills });
  let slowestStartMs = 0;
  for (const [kills, pauseMs] of pauses.entries()) {
    if (Date.now() + pauseMs > endAt) return { kills, slowestStartMs };
    await delay(pauseMs);
    const victim = options.victims[kills % options.victims.length] ?? "process";
    recorder.setDown(true);
    const from = Date.now();
    const startMs = await killAndRevive({ installation, target: recorder }, victim);
    recorder.setDown(false);
    disturbances.push({ from, until: Date.now() + recoveryMs });
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
  const report = (wrong: string) => void campaign.wrong.push(wrong);
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const queued of waiting) {
        const executionId = await startQueued({ url: recorder.url, request }, queued);
        executionIds.set(queued.name, executionId);
        interfering.push(
          interfere({ instance: installation.instance, recorder, report }, { ...queued, executionId }),
        );
      }
    }),
  );
  campaign.options.progress?.(`started ${executionIds.size} queued executions`);
  await Promise.all(interfering);
}

/** An operator purges queues twice. */
async function purgeQueues({ workload, installation }: Campaign, endAt: number): Promise<void> {
  const remainingMs = endAt - Date.now();
  for (const share of [0.2, 0.3]) {
    await delay(share * remainingMs);
    for (const { workflow, isPurged } of workload.queues)
      if (isPurged === true) await purgeQueue(installation.instance, workflow);
  }
}
