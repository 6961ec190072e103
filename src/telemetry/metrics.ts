import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Metric } from "prom-client";
import type { MetricsService } from "../api/contract/services.ts";

/** Utilization of this process's sandbox. */
export interface SandboxUse {
  readonly instances: number;
  readonly maxInstances: number;
  readonly waiting: number;
}

/** Sources of the metrics. Each value is read at scrape time. */
export interface MetricsOptions {
  /** Absent in a process without a sandbox. */
  readonly sandbox?: () => SandboxUse;
  /** Metrics that other modules record. */
  readonly metrics?: readonly Metric[];
}

/** Metrics in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function createMetricsService({ sandbox, metrics = [] }: MetricsOptions): MetricsService {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (sandbox !== undefined) registerSandboxGauges(registry, sandbox);
  for (const metric of metrics) registry.registerMetric(metric);
  return {
    contentType: registry.contentType,
    read: async () => await registry.metrics(),
  };
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
