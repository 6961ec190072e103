import { hostname } from "node:os";
import { startPeriodic } from "../base/concurrency/periodic.ts";
import { createExecutorReports, loadOf, reportIntervalMs } from "../telemetry/executor-reports.ts";
import type { ExecutorReports } from "../telemetry/executor-reports.ts";
import type { ExecutorLoad } from "../telemetry/metrics.ts";
import type { ServedExecutor } from "./executor.ts";
import type { Parts } from "./parts.ts";
import type { ExecutorProcesses } from "./processes/executor-processes.ts";

/** Reports what the executors of this process do, if it has any, and collects what others report. */
export function startExecutorReports(
  { stack, stores, log }: Parts,
  served: ServedExecutor | undefined,
  processes: ExecutorProcesses | undefined,
): ExecutorReports {
  const reports = stack.use(createExecutorReports(stores.database, hostname()));
  if (served === undefined && processes === undefined) return reports;
  const report = async () => reports.report(await loadsOf(served, processes));
  const failure = "cannot report what the executor does";
  stack.use(startPeriodic(report, { intervalMs: reportIntervalMs, failure, logger: log.part("executor") }));
  return reports;
}

async function loadsOf(
  served: ServedExecutor | undefined,
  processes: ExecutorProcesses | undefined,
): Promise<ReadonlyMap<number, ExecutorLoad>> {
  if (processes === undefined) return new Map(served === undefined ? [] : [[1, served.executor.use()]]);
  const metrics = await processes.metrics();
  return new Map([...metrics].map(([number, each]) => [number, loadOf(each)]));
}
