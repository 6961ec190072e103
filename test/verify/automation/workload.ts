import * as fc from "fast-check";
import type { FlowSettings, SharedLimit } from "../../../src/domain/automation/flow-settings.ts";
import type { OverlapPolicy } from "../../../src/domain/automation/schedule.ts";

/** What a campaign schedules and queues. It follows from the options alone, so the same seed gives the same work. */
export interface Workload {
  readonly schedules: readonly ScheduleCase[];
  readonly queues: readonly QueueCase[];
  readonly queued: readonly QueuedCase[];
}

export interface ScheduleCase {
  readonly id: string;
  readonly workflow: string;
  /** Its instants are the multiples of this since the Unix epoch. It divides a minute. */
  readonly everyMs: number;
  readonly as: "every" | "cron";
  /** Whether it is declared in the code of its workflow. */
  readonly isDeclared: boolean;
  readonly overlap: OverlapPolicy;
  /** How long the target works on a run. */
  readonly workMs: number;
}

/** A workflow with flow control. */
export interface QueueCase {
  readonly workflow: string;
  readonly flow: FlowSettings;
  /** Where the flow control is set. */
  readonly in: "code" | "settings";
  /** Executions that run at the same time, which their duration is computed from. */
  readonly slots: number;
}

export interface QueuedCase {
  readonly name: string;
  readonly workflow: string;
  readonly key: string;
  readonly workMs: number;
  /** What is done to it from outside. */
  readonly fate: "runs" | "cancelled" | "killed";
  /** When that is done, after its start. */
  readonly fateAfterMs: number;
}

export interface WorkloadOptions {
  readonly seed: number;
  readonly schedules: number;
  readonly queued: number;
  readonly durationMs: number;
}

/** The name and the limit that two workflows share. */
export const pool = { name: "pool", limit: { total: 3 } satisfies SharedLimit } as const;

const keys = 10;
const batchSize = 5;

export function workloadOf(options: WorkloadOptions): Workload {
  const queues = queuesOf(options);
  return { schedules: schedulesOf(options), queues, queued: queuedOf(options, queues) };
}

/** The workflow that declares schedules in its code. */
const declaring = "scheduled-by-code";

const secondsOf = [1, 2, 5, 10, 15, 20, 30, 60, 30, 60] as const;

/** Most runs may overlap; a run of every fourth schedule takes longer than the time to its next instant. */
function schedulesOf({ schedules }: WorkloadOptions): readonly ScheduleCase[] {
  return Array.from({ length: schedules }, (_, index) => {
    const everyMs = 1_000 * (secondsOf[index % secondsOf.length] ?? 60);
    const overlap = index % 4 === 1 ? "skip" : index % 4 === 2 ? "buffer-all" : "allow";
    const workMs = overlap === "skip" ? Math.min(1.5 * everyMs, 5_000) : 20;
    const as = index % 2 === 0 ? "every" : "cron";
    const isDeclared = index % 5 === 3;
    const workflow = isDeclared ? declaring : `scheduled-${index % 3}`;
    const id = isDeclared ? `${workflow}.${index}` : `schedule-${index}`;
    return { id, workflow, everyMs, as, isDeclared, overlap, workMs };
  });
}

function queuesOf({ queued, durationMs }: WorkloadOptions): readonly QueueCase[] {
  const seconds = durationMs / 1_000;
  const limit = Math.ceil(queued / 6 / (0.35 * seconds));
  return [
    { workflow: "queue-total", in: "code", slots: 4, flow: { concurrency: { total: 4 } } },
    {
      workflow: "queue-keyed",
      in: "settings",
      slots: 6,
      flow: { concurrency: { total: 6, perKey: 1, key: "/key" } },
    },
    {
      workflow: "queue-rated",
      in: "code",
      slots: 10,
      flow: { rateLimit: { limit, period: "PT1S", burst: 2 } },
    },
    { workflow: "queue-shared-a", in: "settings", slots: 1.5, flow: { limits: [pool.name] } },
    {
      workflow: "queue-shared-b",
      in: "code",
      slots: 1.5,
      flow: { limits: [pool.name], concurrency: { total: 2 } },
    },
    {
      workflow: "queue-batched",
      in: "settings",
      slots: 10,
      flow: { batch: { size: batchSize, period: "PT1S", key: "/key" } },
    },
  ];
}

/**
 * Executions are queued faster than the limits let them run. Their work takes a third of the time, because kills take
 * another one.
 */
function queuedOf(
  { seed, queued, durationMs }: WorkloadOptions,
  queues: readonly QueueCase[],
): readonly QueuedCase[] {
  const pauses = fc.sample(fc.integer({ min: 0, max: Math.ceil(durationMs / 2) }), { seed, numRuns: queued });
  return Array.from({ length: queued }, (_, number) => {
    const { workflow, slots } = queues[number % queues.length] as QueueCase;
    const key = String(Math.floor(number / queues.length) % keys);
    const workMs = Math.round(Math.min(3_000, (0.35 * durationMs * slots * queues.length) / queued));
    const fate = workflow === "queue-batched" ? "runs" : fateOf(number);
    return { name: `${workflow}-${number}`, workflow, key, workMs, fate, fateAfterMs: pauses[number] ?? 0 };
  });
}

function fateOf(number: number): QueuedCase["fate"] {
  if (number % 25 === 7) return "cancelled";
  return number % 25 === 15 ? "killed" : "runs";
}

/** The limits on what the target works on at the same time: a name for what is counted together, and its limit. */
export function concurrencyLimitsOf({ flow, workflow }: QueueCase, key: string): ReadonlyMap<string, number> {
  const { concurrency, limits = [] } = flow;
  const { total, perKey } = concurrency ?? {};
  return new Map([
    ...(total === undefined ? [] : [[workflow, total] as const]),
    ...(perKey === undefined ? [] : [[`${workflow} with key ${key}`, perKey] as const]),
    ...limits.map(() => [pool.name, pool.limit.total] as const),
  ]);
}

/** The instants of a schedule in `[from, until)`. */
export function instantsOf(
  { everyMs }: Pick<ScheduleCase, "everyMs">,
  from: number,
  until: number,
): readonly number[] {
  const first = Math.ceil(from / everyMs);
  const count = Math.max(0, Math.ceil(until / everyMs) - first);
  return Array.from({ length: count }, (_, index) => (first + index) * everyMs);
}
