import { parseDuration } from "../../base/duration.ts";
import type { QueueId, WorkflowId } from "../ids.ts";
import { maxPriority } from "../automation/flow-limits.ts";
import { keyNumber, keyText } from "./flow-key.ts";
import type { KeySource } from "./flow-key.ts";
import type { FlowKey, FlowSettings, RateLimitSettings, SharedLimit } from "../automation/flow-settings.ts";
import type { QueueLimits, QueueOverride, RateLimit } from "./queue-limits.ts";
import { sharedQueue, workflowQueue } from "./queue-id.ts";
import type { FlowKeys, SlotRequest } from "./slot.ts";

/** The queues that an execution passes before it runs, in this order. It is journaled, so that each replay passes the same. */
export interface FlowPlan {
  readonly queues: readonly QueuePlan[];
  /** Set if the execution releases its slots while all it does is wait. */
  readonly holds?: "active";
}

export interface QueuePlan extends Omit<SlotRequest, "payload" | "acceptedAt"> {
  readonly queue: QueueId;
  /** The limits of the workflow's own queue. Shared queues have theirs. */
  readonly limits?: QueueLimits;
}

interface PlanOptions {
  readonly maxBatchBytes: number;
  /** True if a token of the rate limit was taken before the execution was accepted. */
  readonly hasToken?: boolean | undefined;
  /** True if the workflow is paused: the execution waits in its queue, whatever limits it has. */
  readonly isPaused?: boolean | undefined;
}

/**
 * Plans an execution. Every execution passes the queue of its workflow first and the shared ones by name, so executions that
 * hold the slot of one queue while they wait for another cannot block each other.
 *
 * @returns undefined if nothing limits the execution
 */
export function planFlow(
  flow: FlowSettings | undefined,
  workflowId: WorkflowId,
  { maxBatchBytes, hasToken, isPaused = false, ...source }: KeySource & PlanOptions,
): FlowPlan | undefined {
  if (flow === undefined) return isPaused ? pausedPlan(workflowId) : undefined;
  const limits = queueLimitsOf(flow, maxBatchBytes);
  const priority = priorityOf(flow, source);
  const { rate, ...others } = keysOf(flow, source);
  const keys = hasToken === true || rate === undefined ? others : { ...others, rate };
  const own: QueuePlan = { queue: workflowQueue(workflowId), keys, priority, limits };
  const shared = (flow.limits ?? [])
    .map((use) => (typeof use === "string" ? { name: use } : use))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, key }: { readonly name: string; readonly key?: FlowKey }): QueuePlan => {
      const concurrency = key === undefined ? workflowId : keyText(key, source);
      return { queue: sharedQueue(name), keys: { concurrency, rate: "" }, priority };
    });
  const isOwnUsed = isPaused || Object.keys(limits).length > 0;
  const queues = [...(isOwnUsed ? [own] : []), ...shared];
  if (queues.length === 0) return undefined;
  return { queues, ...(flow.concurrency?.holds === "active" ? { holds: "active" } : {}) };
}

/** The plan of an execution without flow control whose workflow is paused: it waits in the workflow's queue. */
function pausedPlan(workflowId: WorkflowId): FlowPlan {
  return {
    queues: [{ queue: workflowQueue(workflowId), keys: { concurrency: "" }, priority: 0, limits: {} }],
  };
}

/**
 * The plan of an execution that waits in its workflow's queue first. A retry from the failed step has the plan of the
 * execution that it retries.
 */
export function withPausedQueue(plan: FlowPlan | undefined, workflowId: WorkflowId): FlowPlan {
  const paused = pausedPlan(workflowId);
  if (plan === undefined) return paused;
  const isOwnUsed = plan.queues.some(({ queue }) => queue === workflowQueue(workflowId));
  return isOwnUsed ? plan : { ...plan, queues: [...paused.queues, ...plan.queues] };
}

/** The limits of a workflow's own queue, in numbers. Durations are valid, because the settings were checked. */
export function queueLimitsOf(flow: FlowSettings, maxBatchBytes: number): QueueLimits {
  const { concurrency = {}, rateLimit, debounce, singleton, batch } = flow;
  const { total, perKey } = concurrency;
  return {
    ...(total === undefined ? {} : { total }),
    ...(perKey === undefined ? {} : { perKey }),
    ...(rateLimit === undefined ? {} : { rate: rateOf(rateLimit) }),
    ...(debounce === undefined ? {} : { debounce: debounceOf(debounce) }),
    ...(singleton === undefined ? {} : { singleton: singleton.mode ?? "skip" }),
    ...(batch === undefined
      ? {}
      : { batch: { size: batch.size, periodMs: msOf(batch.period), maxBytes: maxBatchBytes } }),
  };
}

/** The limits of a shared queue, in numbers. */
export function sharedLimitsOf({ total, perKey, rateLimit }: SharedLimit): QueueOverride {
  return {
    ...(total === undefined ? {} : { total }),
    ...(perKey === undefined ? {} : { perKey }),
    ...(rateLimit === undefined ? {} : { rate: rateOf(rateLimit) }),
  };
}

function rateOf({ limit, period, burst, mode }: RateLimitSettings): RateLimit {
  const rejects = mode === "reject" ? { rejects: true as const } : {};
  return { limit, periodMs: msOf(period), burst: burst ?? 1, ...rejects };
}

function debounceOf({ period, max }: NonNullable<FlowSettings["debounce"]>) {
  return { periodMs: msOf(period), ...(max === undefined ? {} : { maxMs: msOf(max) }) };
}

function msOf(duration: string): number {
  return Math.ceil(parseDuration(duration));
}

/** The key of a rate limit, for an API that asks for a token before it accepts an execution. */
export function rateKeyOf({ key }: RateLimitSettings, source: KeySource): string {
  return key === undefined ? "" : keyText(key, source);
}

function keysOf(flow: FlowSettings, source: KeySource): FlowKeys {
  const { concurrency, rateLimit, debounce, singleton, batch } = flow;
  const text = (key: FlowKey | undefined) => (key === undefined ? "" : keyText(key, source));
  // Payloads are not combined across entry points, because the code that receives them differs.
  const atEntry = (key: FlowKey | undefined) => `${source.entryPoint ?? ""} ${text(key)}`.trim();
  return {
    concurrency: text(concurrency?.key),
    ...(rateLimit === undefined ? {} : { rate: rateKeyOf(rateLimit, source) }),
    ...(debounce === undefined ? {} : { debounce: atEntry(debounce.key) }),
    ...(singleton === undefined ? {} : { singleton: text(singleton.key) }),
    ...(batch === undefined ? {} : { batch: atEntry(batch.key) }),
  };
}

function priorityOf({ priority = 0 }: FlowSettings, source: KeySource): number {
  const number = typeof priority === "number" ? priority : (keyNumber(priority.key, source) ?? 0);
  return Math.min(maxPriority, Math.max(-maxPriority, Math.round(number)));
}

/** True if the plan depends on the payload, which must be parsed for it. */
export function readsPayload({
  concurrency,
  rateLimit,
  debounce,
  singleton,
  batch,
  priority,
  limits,
}: FlowSettings): boolean {
  if (batch !== undefined || typeof priority === "object") return true;
  const keyed = [concurrency, rateLimit, debounce, singleton];
  return (
    keyed.some((each) => each?.key !== undefined) ||
    (limits ?? []).some((use) => typeof use !== "string" && use.key !== undefined)
  );
}
