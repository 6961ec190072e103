import type { OverlapPolicy } from "../../../src/domain/automation/schedule.ts";
import { queuedOf, queuesOf } from "./queue-workload.ts";
import type { QueueCase, QueuedCase, QueueOptions } from "./queue-workload.ts";

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

export interface WorkloadOptions extends QueueOptions {
  readonly schedules: number;
}

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
