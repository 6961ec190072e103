import { AggregatorRegistry, Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Metric, MetricObjectWithValues, MetricValue } from "prom-client";
import type { MetricsService } from "../api/contract/services.ts";

/** Utilization of this process's sandbox. */
export interface SandboxUse {
  readonly instances: number;
  readonly maxInstances: number;
  readonly waiting: number;
}

/** What Restate asks of the executor of this process. */
export interface ExecutorLoad {
  /** The attempts that began since its start. */
  readonly attempts: number;
  readonly attemptsInFlight: number;
  readonly connections: number;
}

/** Whether one of Restate's APIs responds to this process at one of its addresses. */
export interface RestateNodeHealth {
  readonly api: string;
  readonly address: string;
  readonly isUp: boolean;
}

/** Sources of the metrics. Each value is read at scrape time. */
export interface MetricsOptions {
  /** Absent in a process without a sandbox. */
  readonly sandbox?: () => SandboxUse;
  /** Absent in a process without an executor. */
  readonly executor?: () => ExecutorLoad;
  /** Asks each node. */
  readonly restateNodes?: () => Promise<readonly RestateNodeHealth[]>;
  /** Metrics that other modules record. */
  readonly metrics?: readonly Metric[];
}

/** A metric with its values, as JSON. */
export type MetricJson = MetricObjectWithValues<MetricValue<string>>;

/** The metrics of the executor processes that this process started, by their numbers. */
export type ReadProcesses = () => Promise<ReadonlyMap<number, readonly MetricJson[]>>;

/** The metrics of this process. */
export interface ProcessMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  json(): Promise<readonly MetricJson[]>;
}

export function createProcessMetrics(options: MetricsOptions): ProcessMetrics {
  const { sandbox, executor, restateNodes, metrics = [] } = options;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (sandbox !== undefined) registerSandboxGauges(registry, sandbox);
  if (executor !== undefined) registerExecutorMetrics(registry, executor);
  if (restateNodes !== undefined) registerRestateNodes(registry, restateNodes);
  for (const metric of metrics) registry.registerMetric(metric);
  return {
    contentType: registry.contentType,
    text: async () => await registry.metrics(),
    json: async () => await registry.getMetricsAsJSON(),
  };
}

/**
 * Metrics in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * Those of executor processes are added up. What each of them does for Restate has its number as the label `executor`,
 * which is 1 if this process is the only executor.
 */
export function createMetricsService(own: ProcessMetrics, readProcesses?: ReadProcesses): MetricsService {
  return {
    contentType: own.contentType,
    async read() {
      if (readProcesses === undefined) return await own.text();
      const processes = [...(await readProcesses())].map(([number, metrics]) => numbered(metrics, number));
      return await AggregatorRegistry.aggregate([await own.json(), ...processes]).metrics();
    },
  };
}

/** The metrics of an executor process with its number. */
function numbered(metrics: readonly MetricJson[], number: number): readonly MetricJson[] {
  const labels = { executor: String(number) };
  return metrics.map((metric) => {
    if (!metric.name.startsWith(executorPrefix)) return metric;
    return { ...metric, values: metric.values.map((value) => ({ ...value, labels })) };
  });
}

const executorPrefix = "duranium_executor_";

function registerExecutorMetrics(registry: Registry, load: () => ExecutorLoad): void {
  const options = { registers: [registry], labelNames: ["executor"] };
  const labels = { executor: "1" };
  const started = new Counter({
    ...options,
    name: `${executorPrefix}attempts_total`,
    help: "Attempts that Restate started on an executor process",
    collect() {
      started.reset();
      started.inc(labels, load().attempts);
    },
  });
  const measure = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...options,
      name: `${executorPrefix}${name}`,
      help,
      collect() {
        this.set(labels, read());
      },
    });
  measure("attempts_in_flight", "Attempts in flight on an executor process", () => load().attemptsInFlight);
  measure("connections", "Connections of Restate to an executor process", () => load().connections);
}

function registerRestateNodes(registry: Registry, read: NonNullable<MetricsOptions["restateNodes"]>): void {
  const up = new Gauge({
    name: "duranium_restate_node_up",
    help: "1 if an API of a Restate node responds to this process, 0 if not",
    labelNames: ["api", "node"],
    registers: [registry],
    // Of several processes, the one to which it does not respond counts.
    aggregator: "min",
    async collect() {
      for (const { api, address, isUp } of await read()) up.set({ api, node: address }, isUp ? 1 : 0);
    },
  });
}

function registerSandboxGauges(registry: Registry, use: () => SandboxUse): void {
  const measure = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `duranium_sandbox_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  measure("instances_in_use", "Sandbox instances held by executions", () => use().instances);
  measure("instances_limit", "Maximum number of sandbox instances", () => use().maxInstances);
  measure("instance_requests_pending", "Executions waiting for a sandbox instance", () => use().waiting);
}
