import * as fc from "fast-check";
import type { FlowSettings, SharedLimit } from "../../../src/domain/automation/flow-settings.ts";
import type { HostRate } from "../../../src/domain/automation/host-rates.ts";

/** A workflow with flow control. */
export interface QueueCase {
  readonly workflow: string;
  readonly flow: FlowSettings;
  /** Where the flow control is set. */
  readonly in: "code" | "settings";
  /** The limits of the target's host, for this workflow's fetches. */
  readonly hostRate?: HostRate;
  /** Executions that run at the same time, which their duration is computed from. */
  readonly slots: number;
  /** The number of different keys of its executions. */
  readonly keys: number;
  /** The number of requests of an execution to the target, with a sleep between them. */
  readonly parts: number;
  /** Whether an operator purges its queue during the campaign. */
  readonly isPurged?: boolean;
}

export interface QueuedCase {
  readonly name: string;
  readonly workflow: string;
  readonly key: string;
  readonly workMs: number;
  readonly parts: number;
  readonly fate: Fate;
  /** When that is done, after its start. */
  readonly fateAfterMs: number;
}

/**
 * What is done to an execution from outside. `purged` means killed in Restate and then deleted there; the target refuses the
 * last part of one that is `retried`, until its retry is requested.
 */
export type Fate = "runs" | "cancelled" | "killed" | "purged" | "paused" | "retried";

export interface QueueOptions {
  readonly seed: number;
  readonly queued: number;
  readonly durationMs: number;
}

/** The name and the limit that two workflows share. */
export const pool = { name: "pool", limit: { total: 3 } satisfies SharedLimit } as const;

/** The host of the target. */
export const targetHost = "127.0.0.1";

/** Between the parts of an execution. */
export const sleepMs = 1_500;

export const debouncePeriodMs = 2_000;

const someKeys = 10;
const fewKeys = 2;
const plain = { in: "code", keys: someKeys, parts: 1 } as const;

export function queuesOf({ queued, durationMs }: Omit<QueueOptions, "seed">): readonly QueueCase[] {
  const limit = Math.ceil(queued / 12 / (0.35 * (durationMs / 1_000)));
  const hostRate = { limit: 2 * limit, period: "1s", burst: 2, concurrency: 3 };
  return [
    { ...plain, workflow: "queue-total", slots: 4, flow: { concurrency: { total: 4 } } },
    {
      ...plain,
      workflow: "queue-keyed",
      in: "settings",
      slots: 6,
      flow: { concurrency: { total: 6, perKey: 1, key: "/key" } },
    },
    {
      ...plain,
      workflow: "queue-rated",
      slots: 10,
      flow: { rateLimit: { limit, period: "PT1S", burst: 2 } },
    },
    { ...plain, workflow: "queue-shared-a", in: "settings", slots: 1.5, flow: { limits: [pool.name] } },
    {
      ...plain,
      workflow: "queue-shared-b",
      slots: 1.5,
      flow: { limits: [pool.name], concurrency: { total: 2 } },
    },
    {
      ...plain,
      workflow: "queue-batched",
      in: "settings",
      slots: 10,
      flow: { batch: { size: 5, period: "PT1S", key: "/key" } },
    },
    {
      ...plain,
      workflow: "queue-active",
      slots: 1.5,
      parts: 2,
      flow: { concurrency: { total: 3, holds: "active" } },
    },
    {
      ...plain,
      workflow: "queue-debounced",
      slots: 10,
      keys: fewKeys,
      flow: { debounce: { period: `PT${debouncePeriodMs / 1_000}S`, key: "/key" } },
    },
    {
      ...plain,
      workflow: "queue-single",
      in: "settings",
      slots: 2,
      keys: fewKeys,
      flow: { singleton: { key: "/key" } },
    },
    {
      ...plain,
      workflow: "queue-replacing",
      slots: 2,
      keys: fewKeys,
      flow: { singleton: { key: "/key", mode: "cancel-running" } },
    },
    { ...plain, workflow: "queue-purged", slots: 2, isPurged: true, flow: { concurrency: { total: 2 } } },
    { ...plain, workflow: "queue-host-a", slots: 1.5, hostRate, flow: {} },
    { ...plain, workflow: "queue-host-b", slots: 1.5, hostRate, flow: { concurrency: { total: 4 } } },
  ];
}

/**
 * Executions are queued faster than the limits let them run. Their work takes a third of the time, because kills take
 * another one.
 */
export function queuedOf(
  { seed, queued, durationMs }: QueueOptions,
  queues: readonly QueueCase[],
): readonly QueuedCase[] {
  const pauses = fc.sample(fc.integer({ min: 0, max: Math.ceil(durationMs / 2) }), { seed, numRuns: queued });
  return Array.from({ length: queued }, (_, number) => {
    const queue = queues[number % queues.length] as QueueCase;
    const { workflow, slots, keys, parts } = queue;
    const key = String(Math.floor(number / queues.length) % keys);
    const workMs = Math.round(Math.min(3_000, (0.35 * durationMs * slots * queues.length) / queued));
    const fate = mayEndWithoutRunning(queue) ? "runs" : fateOf(number);
    return {
      name: `${workflow}-${number}`,
      workflow,
      key,
      workMs: Math.ceil(workMs / parts),
      parts,
      fate,
      fateAfterMs: pauses[number] ?? 0,
    };
  });
}

/** Whether its flow control skips or cancels executions. */
export function mayEndWithoutRunning({ flow: { batch, debounce, singleton } }: QueueCase): boolean {
  return batch !== undefined || debounce !== undefined || singleton !== undefined;
}

const fates: Readonly<Record<number, Fate>> = {
  3: "paused",
  7: "cancelled",
  11: "purged",
  15: "killed",
  19: "retried",
};

function fateOf(number: number): Fate {
  return fates[number % 25] ?? "runs";
}

/** The limits on what the target works on at the same time: a name for what is counted together, and its limit. */
export function concurrencyLimitsOf(
  { flow, workflow, hostRate }: QueueCase,
  key: string,
): ReadonlyMap<string, number> {
  const { concurrency, singleton, limits = [] } = flow;
  const { total, perKey = singleton === undefined ? undefined : 1 } = concurrency ?? {};
  return new Map([
    ...(total === undefined ? [] : [[workflow, total] as const]),
    ...(perKey === undefined ? [] : [[`${workflow} with key ${key}`, perKey] as const]),
    ...limits.map(() => [pool.name, pool.limit.total] as const),
    ...(hostRate?.concurrency === undefined ? [] : [[`host ${targetHost}`, hostRate.concurrency] as const]),
  ]);
}
