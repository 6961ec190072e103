import { severalOf } from "./schedules.ts";
import type { Verdict } from "./schedules.ts";
import { mayEndWithoutRunning } from "../queue-workload.ts";
import type { QueueCase, QueuedCase } from "../queue-workload.ts";
import type { Seen } from "../recorder.ts";

/**
 * Compares how queued executions ended with the model:
 *
 * 1. Each one runs once, alone or in a batch, unless its flow control or its fate ends it otherwise.
 * 2. One that is skipped never ran, and names the execution that stands for it: one of the same queue with the same key.
 * 3. Of the executions with one key, flow control ends none without another one that runs instead.
 */

/** How an execution ended, as Restate has it. */
export interface End {
  readonly workflow: string;
  readonly outcome: "running" | "succeeded" | "cancelled" | "killed" | "skipped" | "failed";
  /** Why it was skipped. */
  readonly reason?: SkipReason | undefined;
  /** The execution that its failure names. */
  readonly by?: string | undefined;
  /** The execution that it retries. */
  readonly retryOf?: string | undefined;
}

export type SkipReason = "batch" | "debounce" | "singleton" | "purge" | "rate";

/** What is known of all queued executions. */
export interface QueuedObservations {
  readonly seen: Seen;
  /** By execution. */
  readonly ends: ReadonlyMap<string, End>;
  /** By execution. */
  readonly cases: ReadonlyMap<string, QueuedCase>;
}

export function judgeQueued(
  queue: QueueCase,
  executionId: string,
  { seen, ends, cases }: QueuedObservations,
): Verdict {
  const queued = cases.get(executionId);
  if (queued === undefined) throw new Error(`${executionId} has no case`);
  const { name, fate } = queued;
  const called = `${name} (${executionId})`;
  const end = ends.get(executionId);
  const outcome = end?.outcome ?? "missing in Restate";
  const twice = severalOf([name], seen);
  if (!isAllowed(queue, queued, end)) return { lost: [`${called} is ${outcome}`], twice };
  const by = seen.get(name) ?? new Set<string>();
  const hasRun = by.has(executionId);
  if (outcome === "skipped") {
    const wrongly = hasRun ? [`${called} ran and is skipped`] : [];
    return {
      lost: lostBySkip({ called, queue, queued, end }, { seen, ends, cases }),
      twice: [...twice, ...wrongly],
    };
  }
  if (fate === "retried") return judgeRetries(called, executionId, { ends, twice, hasRun });
  return {
    lost: outcome === "succeeded" && !hasRun ? [`${called} ended as ${outcome} and did not run`] : [],
    twice,
  };
}

function isAllowed(queue: QueueCase, { fate }: QueuedCase, end: End | undefined): boolean {
  if (end === undefined) return fate === "purged";
  const { outcome } = end;
  if (outcome === "skipped") return queue.isPurged === true || mayEndWithoutRunning(queue);
  const mayBeCancelled = fate === "cancelled" || queue.flow.singleton?.mode === "cancel-running";
  if (outcome === "cancelled") return mayBeCancelled;
  // Duranium kills an execution that does not react to its cancellation in time, as while its executor is down.
  if (outcome === "killed") return fate === "killed" || mayBeCancelled;
  if (outcome === "failed") return fate === "retried";
  return outcome === "succeeded" && fate !== "retried" && fate !== "purged";
}

interface Skipped {
  readonly called: string;
  readonly queue: QueueCase;
  readonly queued: QueuedCase;
  readonly end: End | undefined;
}

function lostBySkip(
  { called, queue, queued, end }: Skipped,
  observed: QueuedObservations,
): readonly string[] {
  const reason = end?.reason ?? "no reason";
  if (reason !== reasonOf(queue)) return [`${called} was skipped by ${reason}`];
  if (reason === "purge") return [];
  const other = observed.cases.get(end?.by ?? "");
  if (other?.workflow !== queued.workflow || other.key !== queued.key || other.name === queued.name)
    return [`${called} was skipped for ${end?.by}, which is none with its key`];
  if (reason === "batch" && observed.seen.get(queued.name)?.has(end?.by ?? "") !== true)
    return [`${called} is part of a batch that ${end?.by} did not run`];
  return standsFor(end?.by, observed) ? [] : [`${called} was skipped for ${end?.by}, and none ran instead`];
}

function reasonOf({ flow: { batch, debounce, singleton }, isPurged }: QueueCase): SkipReason | undefined {
  if (batch !== undefined) return "batch";
  if (debounce !== undefined) return "debounce";
  if (singleton !== undefined) return "singleton";
  return isPurged === true ? "purge" : undefined;
}

/** Whether an execution ran, or one that stands for it, and so on. */
function standsFor(executionId: string | undefined, { ends, cases, seen }: QueuedObservations): boolean {
  const passed = new Set<string>();
  for (let id = executionId; id !== undefined && !passed.has(id); id = ends.get(id)?.by) {
    passed.add(id);
    if (ends.get(id)?.outcome === "cancelled") return true;
    if (seen.get(cases.get(id)?.name ?? "")?.has(id) === true) return true;
  }
  return false;
}

/** A failed execution has one retry, which succeeded. */
function judgeRetries(
  called: string,
  executionId: string,
  {
    ends,
    twice,
    hasRun,
  }: {
    readonly ends: ReadonlyMap<string, End>;
    readonly twice: readonly string[];
    readonly hasRun: boolean;
  },
): Verdict {
  const retries = [...ends.values()].filter(({ retryOf }) => retryOf === executionId);
  const succeeded = retries.filter(({ outcome }) => outcome === "succeeded");
  return {
    lost:
      hasRun && succeeded.length > 0
        ? []
        : [`${called} failed, and its retry is ${retries[0]?.outcome ?? "missing"}`],
    twice: retries.length > 1 ? [...twice, `${called} was retried ${retries.length} times`] : twice,
  };
}

/**
 * Of the executions with one key, a singleton that cancels, or a debounce, runs the last one. Which one that is, the kills
 * decide; but one of them ended without being replaced.
 */
export function judgeReplaced(queue: QueueCase, { ends, cases }: QueuedObservations): readonly string[] {
  if (!mayEndWithoutRunning(queue)) return [];
  const own = [...cases].filter(([, { workflow }]) => workflow === queue.workflow);
  return [...Map.groupBy(own, ([, { key }]) => key)]
    .filter(([, ofKey]) => !ofKey.some(([id]) => ends.get(id)?.outcome === "succeeded"))
    .map(([key, ofKey]) => `${queue.workflow} with key ${key}: none of ${ofKey.length} succeeded`);
}
