import { Counter, Gauge, Histogram } from "prom-client";
import type { Metric } from "prom-client";
import type { EndedAttempt } from "../host/driver/ended-attempt.ts";

/** The metrics of this process. Callers record events as they happen; recording neither throws nor blocks. */
export interface Instruments {
  readonly metrics: readonly Metric[];
  executionEnded(ended: Pick<EndedAttempt, "outcome" | "operations">): void;
  requestAnswered(answered: {
    readonly operationId?: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  /** Sets how many executions wait and run in each queue. */
  queuesSwept(queues: readonly QueueCounts[]): void;
  workflowsPaused(count: number): void;
  turnEnded(durationMs: number): void;
  imageLookedUp(wasCached: boolean): void;
  /** Counts a replay of an ended execution in the background. */
  shadowReplayed(outcome: string): void;
  /** Counts an attempt to deliver an alert. */
  deliveryAttempted(attempt: { readonly channel: string; readonly outcome: DeliveryOutcome }): void;
  /** Measures how long an execution waits for its instance, including failed attempts. */
  timeAcquire<T>(acquire: () => Promise<T>): Promise<T>;
  /** Measures the compilation of a deploy. */
  timeCompile<T>(compile: () => Promise<T>): Promise<T>;
}

/** `retried`: the attempt failed, and another one follows. */
export type DeliveryOutcome = "delivered" | "retried" | "failed";

/** A queue of flow control. */
export interface QueueCounts {
  readonly queue: string;
  readonly core: { readonly running: number; readonly waiting: number };
}

const quickSeconds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1, 5];
const slowSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param waiting the number of accepted executions that have not started */
export function createInstruments(waiting: () => number): Instruments {
  const executions = counter("executions_total", "Executions completed on this process", ["outcome"]);
  const operations = counter(
    "operations_total",
    "Operations completed by executions of this process, without replays",
    ["operation", "outcome"],
  );
  const requests = histogram("http_request_duration_seconds", "Time to the first byte of API responses", {
    labelNames: ["operation", "status"],
    buckets: slowSeconds,
  });
  const turns = histogram("turn_duration_seconds", "Duration of guest turns including replays", {
    labelNames: [],
    buckets: quickSeconds,
  });
  const images = counter("image_cache_lookups_total", "Image cache lookups", ["result"]);
  const acquisitions = histogram("instance_acquire_duration_seconds", "Time to acquire a sandbox instance", {
    labelNames: ["outcome"],
    buckets: quickSeconds,
  });
  const compilations = histogram("compile_duration_seconds", "Time to bundle and evaluate a deploy", {
    labelNames: ["outcome"],
    buckets: slowSeconds,
  });
  const background = createBackgroundCounters();
  const backlog = backlogGauge(waiting);
  const queues = createQueueGauges();
  return {
    metrics: [
      executions,
      operations,
      requests,
      turns,
      images,
      acquisitions,
      compilations,
      ...background.metrics,
      backlog,
      ...queues.metrics,
    ],
    queuesSwept: (swept) => queues.set(swept),
    workflowsPaused: (count) => queues.paused.set(count),
    executionEnded({ outcome, operations: settled }) {
      executions.inc({ outcome });
      for (const [operation, { succeeded, failed }] of settled) {
        if (succeeded > 0) operations.inc({ operation, outcome: "succeeded" }, succeeded);
        if (failed > 0) operations.inc({ operation, outcome: "failed" }, failed);
      }
    },
    requestAnswered: ({ operationId = "none", status, durationMs }) =>
      requests.observe({ operation: operationId, status }, durationMs / 1_000),
    turnEnded: (durationMs) => turns.observe(durationMs / 1_000),
    imageLookedUp: (wasCached) => images.inc({ result: wasCached ? "hit" : "miss" }),
    shadowReplayed: (outcome) => background.shadows.inc({ outcome }),
    deliveryAttempted: (attempt) => background.deliveries.inc(attempt),
    timeAcquire: async (acquire) => await timed(acquisitions, acquire),
    timeCompile: async (compile) => await timed(compilations, compile),
  };
}

function backlogGauge(waiting: () => number): Gauge {
  return new Gauge({
    name: "duranium_executions_queued",
    help: "Executions accepted by this process and not started",
    registers: [],
    collect() {
      this.set(waiting());
    },
  });
}

function createBackgroundCounters() {
  const deliveries = counter("alert_deliveries_total", "Attempts to deliver alerts", ["channel", "outcome"]);
  const shadows = counter("shadow_replays_total", "Ended executions replayed in the background", ["outcome"]);
  return { metrics: [deliveries, shadows], deliveries, shadows };
}

function createQueueGauges() {
  const waiting = gauge("queue_waiting", "Executions that wait in a queue of flow control", ["queue"]);
  const running = gauge("queue_running", "Executions that hold a slot of a queue", ["queue"]);
  const paused = gauge("workflows_paused", "Workflows that an operator has paused", []);
  return {
    metrics: [waiting, running, paused],
    paused,
    set(queues: readonly QueueCounts[]) {
      for (const { queue, core } of queues) {
        waiting.set({ queue }, core.waiting);
        running.set({ queue }, core.running);
      }
    },
  };
}

async function timed<T>(seconds: Histogram<"outcome">, run: () => Promise<T>): Promise<T> {
  const end = seconds.startTimer();
  let ok = false;
  try {
    const result = await run();
    ok = true;
    return result;
  } finally {
    end({ outcome: outcomeOf(ok) });
  }
}

function outcomeOf(ok: boolean): "succeeded" | "failed" {
  return ok ? "succeeded" : "failed";
}

function counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
  return new Counter({ name: `duranium_${name}`, help, labelNames, registers: [] });
}

function gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
  return new Gauge({ name: `duranium_${name}`, help, labelNames, registers: [] });
}

function histogram<Label extends string>(
  name: string,
  help: string,
  options: { readonly labelNames: Label[]; readonly buckets: number[] },
): Histogram<Label> {
  return new Histogram({ name: `duranium_${name}`, help, ...options, registers: [] });
}
