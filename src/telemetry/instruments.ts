import { Counter, Gauge, Histogram } from "prom-client";
import type { Metric } from "prom-client";
import type { EndedAttempt } from "../host/driver/ended-attempt.ts";

/** What happens in this process, counted. Others call these where it happens; none of it throws, or takes long. */
export interface Instruments {
  readonly metrics: readonly Metric[];
  executionEnded(ended: Pick<EndedAttempt, "outcome" | "operations">): void;
  requestAnswered(answered: {
    readonly operationId?: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  turnEnded(durationMs: number): void;
  imageLookedUp(wasCached: boolean): void;
  /** Measures how long an execution waits for its instance, also where it gets none. */
  timeAcquire<T>(acquire: () => Promise<T>): Promise<T>;
  /** Measures the compiling of a deploy. */
  timeCompile<T>(compile: () => Promise<T>): Promise<T>;
}

const quickSeconds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1, 5];
const slowSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param waiting executions that were taken, and have not begun */
export function createInstruments(waiting: () => number): Instruments {
  const executions = counter("executions_total", "Executions that ended in this process, each once", [
    "outcome",
  ]);
  const operations = counter(
    "operations_total",
    "What executions asked for and got an answer to, counted when they end: each once, however often it was replayed",
    ["operation", "outcome"],
  );
  const requests = histogram(
    "http_request_duration_seconds",
    "Requests to the API by operation of /openapi.json and status, until their answer began",
    { labelNames: ["operation", "status"], buckets: slowSeconds },
  );
  const turns = histogram(
    "turn_duration_seconds",
    "Turns of guests as their executions wait for them, those of replays as well",
    { labelNames: [], buckets: quickSeconds },
  );
  const images = counter(
    "image_cache_lookups_total",
    "Images asked for, once for each attempt at an execution",
    ["result"],
  );
  const acquisitions = histogram(
    "instance_acquire_duration_seconds",
    "From the request for an instance to a guest, once for each attempt at an execution",
    { labelNames: ["outcome"], buckets: quickSeconds },
  );
  const compilations = histogram(
    "compile_duration_seconds",
    "Bundling and evaluating of deploys, each attempt at it",
    {
      labelNames: ["outcome"],
      buckets: slowSeconds,
    },
  );
  const backlog = new Gauge({
    name: "duranium_executions_queued",
    help: "Executions that this process handed to Restate and that have not begun",
    registers: [],
    collect() {
      this.set(waiting());
    },
  });
  return {
    metrics: [executions, operations, requests, turns, images, acquisitions, compilations, backlog],
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
    timeAcquire: async (acquire) => await timed(acquisitions, acquire),
    timeCompile: async (compile) => await timed(compilations, compile),
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

function histogram<Label extends string>(
  name: string,
  help: string,
  options: { readonly labelNames: Label[]; readonly buckets: number[] },
): Histogram<Label> {
  return new Histogram({ name: `duranium_${name}`, help, ...options, registers: [] });
}
