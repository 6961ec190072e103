import cluster from "node:cluster";
import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { causeOf } from "../domain/monitoring/failure-cause.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { createWorkflowPolicy } from "../domain/workflow-settings.ts";
import type { HttpClient } from "../host/network/http-client.ts";
import { createHttpClient } from "../host/network/undici-client.ts";
import { compressBytes, decompressBytes } from "../journal/compressed-bytes.ts";
import { createOperations } from "../host/operations/registry.ts";
import { countProcessCrashes, createCrashGuard } from "../objects/crash-guard.ts";
import type { CrashGuard } from "../objects/crash-guard.ts";
import type { EndOfExecution } from "../objects/execute-handler.ts";
import { createExecutionObject } from "../objects/execution-object.ts";
import { resumeBackingOff } from "../objects/resume-backing-off.ts";
import { createPauseGuard } from "../objects/pauses/pause-guard.ts";
import type { PauseGuard } from "../objects/pauses/pause-guard.ts";
import { startPauseSweep } from "../objects/pauses/pause-sweep.ts";
import { createHostQueues } from "../objects/queues/host-queues.ts";
import { createQueueObject } from "../objects/queues/queue-object.ts";
import { createRecordedRequestsObject } from "../objects/replays/recorded-requests-object.ts";
import { createReplayCheckObject } from "../objects/replays/replay-check-object.ts";
import type { ScheduleObjectOptions } from "../objects/schedules/schedule-context.ts";
import { createScheduleObject } from "../objects/schedules/schedule-object.ts";
import { createWorkflowState } from "../objects/state-object.ts";
import { createWorkflowObject } from "../objects/workflow-object.ts";
import type { WorkflowObjectOptions } from "../objects/workflow-object.ts";
import { readInvocationStatus } from "../read-model/queries.ts";
import { readEnds, scheduleIdsOf } from "../read-model/automation/schedules.ts";
import { queuesOf } from "../read-model/queues/used-queues.ts";
import { createEnginePublisher } from "../services/engines/publish-engine.ts";
import { createReusedStepsSource } from "../read-model/reuse/reused-steps-source.ts";
import type { ReusedStepsSource } from "../read-model/reuse/reused-steps-source.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { createEffectsInFlight } from "../restate/endpoint/effects-in-flight.ts";
import { startExecutor } from "../restate/endpoint/executor-endpoint.ts";
import type { Executor } from "../restate/endpoint/executor-endpoint.ts";
import { readIdentityKey } from "../restate/endpoint/request-identity.ts";
import { createSendThrottle } from "../restate/endpoint/send-throttle.ts";
import { registerExecutor } from "../restate/server/registration.ts";
import { createCompiler } from "../sandbox/compile/compile.ts";
import type { Compiler } from "../sandbox/compile/compile.ts";
import { mapFailure } from "../sandbox/compile/diagnostics/source-map.ts";
import { SandboxPool } from "../sandbox/scheduling/pool.ts";
import { openWorkMarkers, takeTurnMarkers, turnMarkersPath } from "../sandbox/scheduling/turn-markers.ts";
import { sealSeed } from "../services/executions/callback-token.ts";
import { resumeExecution } from "../services/executions/resume-execution.ts";
import { assertDatabase, assertExecutions } from "../services/retention/data-loss.ts";
import { startQueueSweep } from "../services/queues/queue-sweep.ts";
import { createSecretSource } from "../services/secrets.ts";
import { createCrashCountStore } from "../stores/crashes/crash-counts.ts";
import type { ExecutionEnd } from "../stores/logs/execution-ends.ts";
import { withLineMapping } from "../stores/logs/log-mapping.ts";
import type { LogSink } from "../stores/logs/log-sink.ts";
import { LogThread } from "../stores/logs/log-thread.ts";
import { LogWriter } from "../stores/logs/log-writer.ts";
import { createPostgresLogSink } from "../stores/logs/postgres-log-sink.ts";
import { shownLocation } from "../stores/sql/open-database.ts";
import { logLinesNotice } from "../services/log-notices.ts";
import { parseEgressRate, withErrorPrefix, withPortErrors } from "./checks.ts";
import { artifactsLocation, optional } from "./parts.ts";
import type { Parts, StartOptions } from "./parts.ts";
import type { ShadowReplays } from "../services/replays/shadow-replays.ts";
import { receiveConnections } from "./processes/connection-sharing.ts";
import { replayCheckOptions } from "./replays.ts";
import { startShadow } from "./shadow.ts";

export async function startLogWriter(parts: Parts): Promise<LogWriter> {
  const { stack, log, stores } = parts;
  const sink = openLogSink(parts);
  const logger = log.part("logs");
  const { database } = stores;
  return stack.use(
    await LogWriter.start({
      sink,
      logger,
      onEndsStored: () => database.publish("execution-ends", ""),
      onLinesStored: (executionIds) => database.publish("log-lines", logLinesNotice(executionIds)),
    }),
  );
}

/** SQLite blocks the thread that writes to it. PostgreSQL does not. */
function openLogSink({ config, stack, stores: { artifacts, database } }: Parts): LogSink {
  const module = new URL("../sandbox/compile/diagnostics/source-map.ts", import.meta.url).href;
  if (database.dialect === "postgres")
    return withLineMapping(createPostgresLogSink(database), { artifacts, module });
  const mapping = { artifacts: artifactsLocation(config), module };
  return stack.use(new LogThread({ databasePath: config.databaseUrl, mapping }));
}

export interface ServedExecutor {
  readonly pool: SandboxPool;
  readonly executor: Executor;
}

/**
 * Starts the executor: the sandbox, the handlers and the endpoint at which Restate calls them. It is registered before the
 * checks for data loss, because these call a handler.
 */
export async function serveExecutor(parts: Parts, writer: LogWriter): Promise<ServedExecutor> {
  const { config, log, restate, stores } = parts;
  const attempts = await openAttemptParts(parts);
  const executor = await listenForAttempts(parts, attempts, writer);
  await registerExecutor(restate, config.executor.url);
  await assertDatabase(stores.inventory, { ...parts, database: shownLocation(config) });
  await assertExecutions(stores.inventory, parts);
  resumeBackingOff(restate).catch((error: unknown) =>
    log.part("executor").error("cannot resume executions that are backing off", { error }),
  );
  return { pool: attempts.pool, executor };
}

/** What attempts and deploys run on. Disposed in reverse order. */
interface AttemptParts {
  readonly crashes: CrashGuard;
  readonly http: HttpClient;
  readonly pool: SandboxPool;
  readonly compiler: Compiler;
}

async function openAttemptParts(parts: Parts): Promise<AttemptParts> {
  const { config, stack, engines, stores, telemetry } = parts;
  const { artifacts } = stores;
  const turnMarkersDir = turnMarkersDirOf(config);
  const crashes = await openCrashGuard(parts, turnMarkersDir);
  const http = openHttpClient(parts, crashes);
  const publish = createEnginePublisher({ records: stores.engines, artifacts });
  const pool = stack.use(
    new SandboxPool({
      engines,
      artifacts,
      turnTimeoutMs: config.turnTimeoutMs,
      turnMarkersDir,
      observer: telemetry.instruments,
      compiledEngineBytes: config.compiledEngineBytes,
      ...optional("workers", config.workers),
    }),
  );
  const compiler = stack.use(
    createCompiler({
      engines,
      artifacts,
      publishModule: async (engine, file) => {
        await publish({ engine, file, addedBy: "deploy", isCurrent: false });
      },
      temporaryDir: join(config.dataDir, "bundling"),
      ...optional("packagesDir", config.packagesDir),
    }),
  );
  return { crashes, http, pool, compiler };
}

export function turnMarkersDirOf({ dataDir }: Config): string {
  return join(dataDir, "turn-markers");
}

/** Creates the crash guard. If no other process counts the crashes of this one, its start counts those of its predecessor. */
async function openCrashGuard(
  { restate, log, stack, stores }: Parts,
  turnMarkersDir: string,
): Promise<CrashGuard> {
  const counts = createCrashCountStore(stores.database);
  if (!cluster.isWorker) await countProcessCrashes(counts, takeTurnMarkers(turnMarkersDir));
  const markers = stack.use(openWorkMarkers(turnMarkersPath(turnMarkersDir)));
  return createCrashGuard({ counts, restate, notes: markers, logger: log.part("executor") });
}

async function listenForAttempts(parts: Parts, attempts: AttemptParts, writer: LogWriter): Promise<Executor> {
  const { config, stack, log, restate, stores, telemetry } = parts;
  const reusedSteps = createReusedStepsSource(restate);
  const sweep = stack.use(
    startQueueSweep({
      coordination: stores.database,
      restate,
      onSwept: (queues) => telemetry.instruments.queuesSwept(queues),
      logger: log.part("queues"),
    }),
  );
  const pauses = createPauseGuard(stores.pauses);
  stack.use(
    startPauseSweep({
      pauses: stores.pauses,
      guard: pauses,
      restate,
      resume: async (executionId) => await resumeWithWorkflow(restate, executionId),
      onSwept: (paused) => telemetry.instruments.workflowsPaused(paused),
      logger: log.part("executor"),
    }),
  );
  const shadow = startShadow(parts, attempts.pool);
  const workflow = workflowObjectOptions(parts, { ...attempts, reusedSteps, writer, pauses, shadow });
  const replays = replayCheckOptions(parts, { ...workflow, pool: attempts.pool });
  const services = [
    createWorkflowObject(workflow),
    createWorkflowState(),
    createQueueObject({ onUsed: (queue) => sweep.used(queue), pauses: stores.pauses }),
    createExecutionObject({ restate, reusedSteps }),
    createScheduleObject(scheduleObjectOptions(parts)),
    createReplayCheckObject(replays),
    createRecordedRequestsObject(replays),
  ];
  const { host, port } = config.executor;
  const identityKey = identityKeyOf(config, log);
  const hooks = telemetry.tracing?.hooks;
  const isShared = config.role === "executor";
  const source = cluster.isWorker ? receiveConnections(process) : undefined;
  const options = { host, port, source, isShared, services, identityKey, hooks, logger: log.part("restate") };
  return stack.use(
    await withPortErrors("DURANIUM_EXECUTOR_PORT", port, async () => await startExecutor(options)),
  );
}

async function resumeWithWorkflow(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const status = await readInvocationStatus(restate, executionId);
  await resumeExecution(restate, executionId, status === "paused");
}

function scheduleObjectOptions({ restate, stores }: Parts): ScheduleObjectOptions {
  return {
    now: () => Date.now(),
    hasWorkflow: async (workflowId) => !(await stores.workflows.isRemoved(workflowId)),
    readEnds: async (executionIds) => await readEnds(restate, executionIds),
  };
}

function workflowObjectOptions(
  parts: Parts,
  {
    crashes,
    http,
    pool,
    compiler,
    reusedSteps,
    writer,
    pauses,
    shadow,
  }: AttemptParts & {
    readonly reusedSteps: ReusedStepsSource;
    readonly writer: LogWriter;
    readonly pauses: PauseGuard;
    readonly shadow: ShadowReplays | undefined;
  },
): WorkflowObjectOptions {
  const { config, keys, log, restate, stores, telemetry } = parts;
  const { instruments } = telemetry;
  const policy = createWorkflowPolicy((workflowId) => stores.settings.get(workflowId), {
    maxLimits: config.maxLimits,
    hostRates: parseEgressRate(config),
  });
  return {
    async compile(source, limits) {
      const compiled = await instruments.timeCompile(async () => await compiler.compile(source, limits));
      void pool.prepare(compiled);
      return compiled;
    },
    acquire: async (version, use) =>
      await instruments.timeAcquire(async () => await pool.acquire({ ...version, ...use })),
    ...policy,
    versions: stores.versions,
    workflows: stores.workflows,
    retentionHours: config.retentionHours,
    mapFailure: async (failure, { sourceMapDigest }) =>
      mapFailure(failure, new TextDecoder().decode(await stores.artifacts.get(sourceMapDigest))),
    operations: createOperations({
      http,
      secrets: createSecretSource(stores.secrets),
      egressOf: policy.egressOf,
      hostQueues: createHostQueues(restate, {
        onLostHold: (error) =>
          log.part("executor").error("cannot tell the queue of a host to wait", { error }),
      }),
      compression: { compress: compressBytes, decompress: decompressBytes },
    }),
    effectsInFlight: createEffectsInFlight(),
    sendThrottle: createSendThrottle({ perSecond: config.maxSendsPerSecond }),
    crashes,
    pauses,
    reusedSteps,
    scheduleIdsOf: async (workflowId) => await scheduleIdsOf(parts.restate, workflowId),
    queuesOf: async (workflowId) => await queuesOf(parts.restate, workflowId),
    callbackUrl: (executionId, seed) => `${config.publicUrl}/callbacks/${sealSeed(keys, executionId, seed)}`,
    log: (executionId, { sourceMapDigest }) => writer.open(executionId, sourceMapDigest),
    ...executionObserver(telemetry, writer, shadow),
  };
}

function openHttpClient({ stack, network, telemetry }: Parts, crashes: CrashGuard): HttpClient {
  const markWork = (executionId: string) => crashes.markWork(executionId);
  const client = createHttpClient({ policy: network.policy, resolve: network.resolve, markWork });
  return stack.use(telemetry.tracing?.fetches(client) ?? client);
}

/** Reports the start and the end of executions to telemetry, and stores their ends. */
function executionObserver(
  { startedVersions, tracing, backlog, instruments, fuelMeter }: Parts["telemetry"],
  writer: LogWriter,
  shadow: ShadowReplays | undefined,
): Pick<WorkflowObjectOptions, "onStarted" | "onEnded"> {
  return {
    onStarted(executionId, version) {
      startedVersions.note(executionId, version);
      tracing?.started(executionId, version);
      backlog.started(executionId);
    },
    onEnded(end) {
      instruments.executionEnded(end);
      writer.ended(rowOf(end, Date.now()));
      fuelMeter.count(end);
      shadow?.ended(end);
    },
  };
}

function rowOf({ workflowId, failed, startedAt, ...end }: EndOfExecution, endedAt: number): ExecutionEnd {
  const { executionId, version, entryPoint, outcome, fuelUsed } = end;
  const cause = failed === undefined ? undefined : causeOf(workflowId, failed.code, failed.failure);
  return {
    executionId,
    workflowId,
    version,
    entryPoint,
    outcome,
    fuelUsed,
    endedAt,
    startedAt: startedAt ?? null,
    failureId: cause?.failureId ?? null,
    code: cause?.code ?? null,
    name: cause?.name ?? null,
    message: cause?.message ?? null,
    file: cause?.at?.file ?? null,
    line: cause?.at?.line ?? null,
  };
}

function identityKeyOf({ restate }: Config, log: StartOptions["log"]): KeyObject | undefined {
  const { identityKeyFile } = restate;
  if (identityKeyFile === undefined) {
    log.warn("the executor accepts unauthenticated requests: set RESTATE_IDENTITY_KEY");
    return undefined;
  }
  return withErrorPrefix("RESTATE_IDENTITY_KEY", () => readIdentityKey(identityKeyFile));
}
