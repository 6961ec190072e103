import { setTimeout as delay } from "node:timers/promises";
import type { Instance } from "../../support/instance.ts";
import { eventTimeoutMs } from "../../support/time-limits.ts";
import type { Installation } from "../victims.ts";
import { judgeQueued, judgeReplaced } from "./judge/queued.ts";
import type { End, QueuedObservations } from "./judge/queued.ts";
import { judgeSchedule } from "./judge/schedules.ts";
import type { WatchedSchedule } from "./judge/schedules.ts";
import { judgeActive, judgeDebounce, judgeHostRate, judgeOrder, judgeRate } from "./judge/starts.ts";
import type { Disturbance } from "./judge/starts.ts";
import { readEnds, readQueueCounts, readSlotRequests, readSlots } from "./observe.ts";
import { debouncePeriodMs } from "./queue-workload.ts";
import type { Recorder } from "./recorder.ts";
import type { AutomationOptions, AutomationReport } from "./report.ts";
import type { Workload } from "./workload.ts";

/** A campaign in progress, which the judges look at. */
export interface Campaign {
  readonly options: AutomationOptions;
  readonly workload: Workload;
  readonly recorder: Recorder;
  readonly installation: Installation;
  /** By the names of the queued executions. */
  readonly executionIds: Map<string, string>;
  readonly disturbances: Disturbance[];
  /** What the API answered and must never. */
  readonly wrong: string[];
}

export type Schedule = Omit<WatchedSchedule, "missed" | "skipped">;

/** Time without any progress, and without a kill, after which what is missing counts as lost. */
const stuckAfterMs = eventTimeoutMs;

type Result = Pick<AutomationReport, "lost" | "twice" | "instants" | "runs" | "skipped" | "ends">;

/** Waits until nothing is missing and nothing runs, or until nothing changes any more. */
export async function untilSettled(campaign: Campaign, schedules: readonly Schedule[]): Promise<Result> {
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
  const cases = new Map(workload.queued.map((queued) => [executionIds.get(queued.name) ?? "", queued]));
  const observed: QueuedObservations = { seen, ends, cases };
  const verdicts = [
    ...watched.map((schedule) => judgeSchedule(schedule, seen)),
    ...workload.queues.flatMap((queue) =>
      [...cases]
        .filter(([, { workflow }]) => workflow === queue.workflow)
        .map(([executionId]) => judgeQueued(queue, executionId, observed)),
    ),
  ];
  const runs = [...seen.keys()].filter((name) => name.includes("/")).length;
  const skipped = watched.reduce((sum, schedule) => sum + schedule.skipped, 0);
  const outcomes = Object.groupBy(cases.keys(), (id) => ends.get(id)?.outcome ?? "deleted");
  return {
    lost: [
      ...verdicts.flatMap(({ lost }) => lost),
      ...workload.queues.flatMap((queue) => judgeReplaced(queue, observed)),
    ],
    twice: [...verdicts.flatMap(({ twice }) => twice), ...strays(ends, reports, executionIds)],
    instants: runs + skipped,
    runs,
    skipped,
    ends: Object.fromEntries(Object.entries(outcomes).map(([outcome, ids]) => [outcome, ids.length])),
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
    .filter(([, { retryOf = "" }]) => !known.has(retryOf))
    .map(([id, { workflow, outcome }]) => `${workflow}: ${id} ${outcome} and is unknown`);
}

/** The sweep returns the slots of killed executions after some seconds. */
export async function untilReleased(instance: Instance): Promise<readonly string[]> {
  const deadline = Date.now() + stuckAfterMs / 4;
  for (;;) {
    const left = [...(await readSlots(instance)), ...(await readQueueCounts(instance))];
    if (left.length === 0 || Date.now() > deadline) return left;
    await delay(500);
  }
}
/** Compares the times at which the queues started executions with the model. */
export async function judgeStarts({
  workload: { queues },
  recorder: { reports, works, above },
  installation,
  disturbances,
  wrong,
}: Campaign): Promise<Pick<AutomationReport, "above" | "wrong" | "ordered">> {
  const requested = await readSlotRequests(installation.instance);
  const orders = queues.map((queue) => judgeOrder(queue, reports, { requested, disturbances }));
  return {
    above: [
      ...above,
      ...queues.flatMap((queue) => judgeRate(queue, reports.values())),
      ...queues.flatMap((queue) => judgeDebounce(queue, reports.values(), debouncePeriodMs)),
      ...judgeHostRate(queues, works),
    ],
    wrong: [
      ...wrong,
      ...orders.flatMap((order) => order.wrong),
      ...queues.flatMap((queue) => judgeActive(queue, works)),
    ],
    ordered: orders.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}
