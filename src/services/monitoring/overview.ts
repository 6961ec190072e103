import type { Overview, OverviewService, OverviewWindow } from "../../api/contract/monitoring.ts";
import type { QueueView } from "../../api/contract/queue.ts";
import type { HealthService, QueueService } from "../../api/contract/services.ts";
import type { AlertIncident } from "../../domain/monitoring/alerts.ts";
import { readNextRuns } from "../../read-model/automation/schedules.ts";
import { readLiveCounts } from "../../read-model/monitoring/live-counts.ts";
import type { LiveCounts } from "../../read-model/monitoring/live-counts.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { AlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import { countedSlots, percentileOf } from "../../stores/logs/execution-counts.ts";
import type {
  CountRange,
  ExecutionCountStore,
  OutcomeSum,
  SlotCount,
} from "../../stores/logs/execution-counts.ts";
import type { StoredEnd } from "../../stores/logs/execution-ends.ts";
import type { FailureStore } from "../../stores/logs/failures.ts";
import type { VersionStore } from "../../stores/versions.ts";

export interface OverviewOptions {
  readonly restate: RestateSql;
  readonly counts: Pick<ExecutionCountStore, "slots" | "sums">;
  readonly failures: Pick<FailureStore, "latest">;
  readonly incidents: Pick<AlertIncidentStore, "list">;
  readonly versions: Pick<VersionStore, "recent">;
  readonly queues: Pick<QueueService, "list">;
  readonly health: HealthService;
  readonly now?: () => number;
}

const [minuteMs, hourMs] = [countedSlots.minuteMs, countedSlots.hourMs];

/** The length of each window, that of its slots, and that of the counted slots which they are made of. */
const windows: Readonly<
  Record<OverviewWindow, Readonly<Record<"windowMs" | "slotMs" | "countedMs", number>>>
> = {
  PT1H: { windowMs: hourMs, slotMs: minuteMs, countedMs: minuteMs },
  PT24H: { windowMs: 24 * hourMs, slotMs: 15 * minuteMs, countedMs: minuteMs },
  P7D: { windowMs: 7 * 24 * hourMs, slotMs: hourMs, countedMs: hourMs },
};

type Runs = Overview["runs"];
type FailingWorkflow = Overview["failing"][number];
type Problem = Overview["health"]["problems"][number];

const shown = { workflows: 10, incidents: 20, deploys: 10, queues: 10, schedules: 10 } as const;

/** The figures that answer whether everything is all right. */
export function createOverviewService(options: OverviewOptions): OverviewService {
  const { restate, counts, incidents, versions, queues, health, now = Date.now } = options;
  return {
    async read(window, workflowIds) {
      const { windowMs, slotMs, countedMs } = windows[window];
      // The last slot is the one that is under way.
      const to = now() - (now() % slotMs) + slotMs;
      const from = to - windowMs;
      const range = { slotMs: countedMs, from, to, workflowIds };
      const [live, problems, used, schedules, counted, failing] = await Promise.all([
        readLiveCounts(restate, workflowIds),
        health.problems(),
        queues.list(workflowIds),
        readNextRuns(restate, workflowIds, shown.schedules),
        counts.slots({ ...range, groupMs: slotMs }),
        readFailing(options, range),
      ]);
      const open = await incidents.list({ workflowIds, isOpen: true, limit: shown.incidents });
      const { waitingForCallback, waitingForEvent, ...current } = live;
      return {
        window,
        from,
        to,
        slotMs,
        current,
        health: healthOf(problemsOf(problems, live, open)),
        runs: runsOf(counted),
        slots: slotsOf(counted, { from, to, slotMs }),
        waiting: { callbacks: waitingForCallback, events: waitingForEvent },
        queues: queuesOf(used),
        schedules,
        failing,
        incidents: open,
        deploys: await versions.recent(shown.deploys, workflowIds),
      };
    },
  };
}

function queuesOf(queues: readonly QueueView[]): Overview["queues"] {
  const sum = (count: "running" | "queued") => queues.reduce((total, each) => total + each[count], 0);
  return {
    running: sum("running"),
    queued: sum("queued"),
    items: queues
      .filter(isNoted)
      .toSorted((one, other) => other.queued - one.queued)
      .slice(0, shown.queues),
  };
}

function isNoted({ queued, paused, draining, heldUntil }: QueueView): boolean {
  return queued > 0 || [paused, draining, heldUntil].some((each) => each !== undefined);
}

function problemsOf(
  unready: readonly string[],
  { paused }: LiveCounts,
  open: readonly AlertIncident[],
): readonly Problem[] {
  const pausedText = paused === 1 ? "1 execution is paused" : `${paused} executions are paused`;
  return [
    ...unready.map((message) => ({ severity: "critical" as const, message })),
    ...open.map(({ workflowId, summary }) => ({
      severity: "warning" as const,
      message: summary,
      workflowId,
    })),
    ...(paused > 0 ? [{ severity: "warning" as const, message: pausedText }] : []),
  ];
}

function healthOf(problems: readonly Problem[]): Overview["health"] {
  if (problems.some(({ severity }) => severity === "critical")) return { status: "critical", problems };
  return { status: problems.length > 0 ? "warning" : "ok", problems };
}

function runsOf(counts: readonly SlotCount[]): Runs {
  const [p50Ms, p95Ms] = [percentileOf(counts, 0.5), percentileOf(counts, 0.95)];
  const [completed, failed] = [sumOf(counts, "completed"), sumOf(counts, "failed")];
  return {
    completed,
    failed,
    cancelled: sumOf(counts, "cancelled"),
    skipped: sumOf(counts, "skipped"),
    failureRate: completed + failed === 0 ? null : failed / (completed + failed),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
  };
}

function sumOf(counts: readonly Omit<OutcomeSum, "workflowId">[], outcome: OutcomeSum["outcome"]): number {
  return counts.reduce((sum, each) => (each.outcome === outcome ? sum + each.count : sum), 0);
}

function slotsOf(
  counts: readonly SlotCount[],
  { from, to, slotMs }: Pick<Overview, "from" | "to" | "slotMs">,
): Overview["slots"] {
  const bySlot = Map.groupBy(counts, ({ at }) => at);
  return Array.from({ length: (to - from) / slotMs }, (_, index) => {
    const at = from + index * slotMs;
    return { at, ...runsOf(bySlot.get(at) ?? []) };
  });
}

async function readFailing(
  { counts, failures }: Pick<OverviewOptions, "counts" | "failures">,
  range: CountRange,
): Promise<readonly FailingWorkflow[]> {
  const failing = failingOf(await counts.sums(range));
  const latest = await failures.latest(failing.map(({ workflowId }) => workflowId));
  return failing.map((workflow) => ({ ...workflow, ...lastFailureOf(latest.get(workflow.workflowId)) }));
}

function failingOf(counts: readonly OutcomeSum[]): readonly FailingWorkflow[] {
  return [...Map.groupBy(counts, ({ workflowId }) => workflowId)]
    .map(([workflowId, own]) => ({
      workflowId,
      completed: sumOf(own, "completed"),
      failed: sumOf(own, "failed"),
    }))
    .filter(({ failed }) => failed > 0)
    .map((workflow) => ({
      ...workflow,
      failureRate: workflow.failed / (workflow.completed + workflow.failed),
    }))
    .toSorted((one, other) => other.failed - one.failed)
    .slice(0, shown.workflows);
}

function lastFailureOf(end: StoredEnd | undefined): Pick<FailingWorkflow, "lastFailure"> {
  if (end === undefined) return {};
  const { executionId, endedAt, failureId, name, message } = end;
  const cause = { failureId: failureId ?? "", name: name ?? "Error", message: message ?? "" };
  return { lastFailure: { executionId, endedAt, ...cause } };
}
