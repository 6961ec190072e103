import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Metric } from "prom-client";
import type { MetricsService } from "../api/contract/services.ts";

/** How much of the sandbox of this process is used. */
export interface SandboxUse {
  readonly instances: number;
  readonly maxInstances: number;
  readonly waiting: number;
}

/** What this process measures of itself; each value is read when it is asked for. */
export interface MetricsOptions {
  /** Absent in a process that runs no workflows. */
  readonly sandbox?: () => SandboxUse;
  /** What others measure. */
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
  measure("instances_in_use", "Sandbox instances that executions hold", () => use().instances);
  measure("instances_limit", "Sandbox instances that there may be at once", () => use().maxInstances);
  measure("instance_requests_pending", "Executions that wait for a sandbox instance", () => use().waiting);
}
