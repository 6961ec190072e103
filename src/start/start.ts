import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMonitoringApp } from "../api/app.ts";
import { openWebUiFiles } from "../api/web-ui/web-ui-files.ts";
import type { Config, EmbeddedRestate } from "../config/config.ts";
import { ensureIdentityKey } from "../restate/endpoint/request-identity.ts";
import { countProcessCrashes } from "../objects/crash-guard.ts";
import { startRestateServer } from "../restate/server/restate-server.ts";
import type { RestateServer } from "../restate/server/restate-server.ts";
import { takeTurnMarkers } from "../sandbox/scheduling/turn-markers.ts";
import { createCrashCountStore } from "../stores/crashes/crash-counts.ts";
import { listen, monitoringOf, processMetricsOf, serveApi } from "./api.ts";
import { serveBackups } from "./backup.ts";
import { withPortErrors } from "./checks.ts";
import { importEngineFiles } from "./engines.ts";
import { startExecutorReports } from "./executor-reports.ts";
import { serveExecutor, startLogWriter, turnMarkersDirOf } from "./executor.ts";
import { openParts, openTracing } from "./parts.ts";
import type { Parts, StartOptions } from "./parts.ts";
import { startPeriodicWork } from "./periodic-work.ts";
import type { ExecutorProcessRequests } from "./processes/channel.ts";
import { listenForProcesses } from "./processes/connection-sharing.ts";
import { startExecutorProcesses } from "./processes/executor-processes.ts";
import type { ExecutorProcesses } from "./processes/executor-processes.ts";

/**
 * The composition root: builds the layers for the configured role. Everything it builds is on `stack`, so it is disposed in
 * reverse order, also if the start fails half-way.
 */
export async function start(config: Config, options: StartOptions): Promise<Running> {
  const parts = await openParts(config, options, await openTracing(config, options));
  const isExecutor = config.role !== "api";
  const hasProcesses = isExecutor && config.executor.processes > 1;
  const [server, writer] = await Promise.all([
    config.restate.kind === "embedded" ? embedRestate(config.restate, parts) : undefined,
    // Executor processes have their own.
    hasProcesses && config.role === "executor" ? undefined : startLogWriter(parts),
    isExecutor ? parts.engines.current() : undefined,
    importEngineFiles(parts),
  ]);
  const served =
    isExecutor && !hasProcesses && writer !== undefined ? await serveExecutor(parts, writer) : undefined;
  const processes = hasProcesses ? await startProcesses(parts) : undefined;
  const failed = server?.failed ?? new Promise<string>(() => {});
  const drain = async () => {
    parts.stopping.abort();
    await (processes ?? served?.executor)?.leave(config.drainTimeoutMs);
  };
  const monitoring = monitoringOf(parts, served, processes);
  const executors = startExecutorReports(parts, served, processes);
  if (config.role === "executor") {
    return { failed, drain, monitoringUrl: await listen(parts, createMonitoringApp(monitoring)) };
  }
  if (writer !== undefined) await startPeriodicWork(parts, writer);
  const rootKey = (await parts.stores.apiKeys.ensureRootKey(Date.now(), config.rootKey))?.key;
  const page = openWebUiFiles(fileURLToPath(new URL("../../web/dist", import.meta.url)));
  const url = await serveApi(parts, monitoring, { page, executors });
  const executor = processes ?? served?.executor;
  if (server !== undefined && executor !== undefined) await serveBackups(parts, server, executor);
  return { failed, drain, url, hasWebUi: page !== undefined, ...(rootKey === undefined ? {} : { rootKey }) };
}

/** Starts one of the executor processes that `startExecutorProcesses` forks. */
export async function startExecutorProcess(
  config: Config,
  options: StartOptions,
): Promise<ExecutorProcessRequests> {
  const parts = await openParts({ ...config, role: "executor" }, options, await openTracing(config, options));
  const [writer] = await Promise.all([startLogWriter(parts), parts.engines.current()]);
  const served = await serveExecutor(parts, writer);
  const { executor } = served;
  const metrics = processMetricsOf(parts, served);
  return {
    drain: async (timeoutMs) => await executor.drain(timeoutMs),
    reopen: async () => executor.reopen(),
    async leave(timeoutMs) {
      parts.stopping.abort();
      await executor.leave(timeoutMs);
    },
    metrics: async () => await metrics.json(),
  };
}

/** Starts the executor processes, and counts their crashes for what they ran. */
async function startProcesses({ config, log, stack, stores }: Parts): Promise<ExecutorProcesses> {
  const { processes: count } = config.executor;
  const counts = createCrashCountStore(stores.database);
  const countCrashes = async () =>
    await countProcessCrashes(counts, takeTurnMarkers(turnMarkersDirOf(config)));
  await countCrashes();
  const { host, port } = config.executor;
  const listen = async () => await listenForProcesses({ host, port });
  const connections = stack.use(await withPortErrors("DURANIUM_EXECUTOR_PORT", port, listen));
  const options = { count, connections, onExit: countCrashes, logger: log.part("executor") };
  return stack.use(await startExecutorProcesses(options));
}

export interface Running {
  /** The URL of the API. The role `executor` has no API. */
  readonly url?: string;
  /** True if the API also serves the web UI. */
  readonly hasWebUi?: boolean;
  /** The URL of the health and metrics endpoints, for a process without an API. */
  readonly monitoringUrl?: string;
  /** Present only if this start created it. */
  readonly rootKey?: string;
  /** Resolves with a message if a part fails without which the process cannot run. */
  readonly failed: Promise<string>;
  /** Stops accepting work. Resolves when the effects in flight have ended, or after the drain timeout. */
  drain(): Promise<void>;
}

async function embedRestate(restate: EmbeddedRestate, { config, stack, log }: Parts): Promise<RestateServer> {
  ensureIdentityKey(restate.identityKeyFile);
  const dataDir = join(config.dataDir, "restate");
  if (restate.isTooLongForSockets)
    log.warn(
      "the path of the data directory is too long for Unix sockets: Restate listens on loopback ports, which every user of this machine can reach",
    );
  const environment = { ...(config.executor.processes > 1 ? sharedConnections : {}), ...restate.environment };
  const options = { ...restate, dataDir, environment };
  return stack.use(await startRestateServer(options, { logger: log.part("restate") }));
}

/** Restate opens so many connections that all executor processes get requests, also of a single workflow. */
const sharedConnections = { RESTATE_WORKER__INVOKER__HTTP2_STREAMS_PER_CONNECTION_LIMIT: "2" };
