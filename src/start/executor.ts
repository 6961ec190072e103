import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { limitsWithin } from "../domain/execution-limits.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { egressRules } from "../domain/workflow-settings.ts";
import { createHttpClient } from "../host/network/undici-client.ts";
import { compressBytes, decompressBytes } from "../journal/compressed-bytes.ts";
import { createOperations } from "../host/operations/registry.ts";
import { createCrashGuard } from "../objects/crash-guard.ts";
import type { CrashGuard } from "../objects/crash-guard.ts";
import { createExecutionObject } from "../objects/execution-object.ts";
import { resumeBackingOff } from "../objects/resume-backing-off.ts";
import { createWorkflowState } from "../objects/state-object.ts";
import { createWorkflowObject } from "../objects/workflow-object.ts";
import { existingExecutions } from "../read-model/queries.ts";
import { createReusedStepsSource } from "../read-model/reused-steps-source.ts";
import { createEffectsInFlight } from "../restate/endpoint/effects-in-flight.ts";
import { startExecutor } from "../restate/endpoint/executor-endpoint.ts";
import type { Executor } from "../restate/endpoint/executor-endpoint.ts";
import { readIdentityKey } from "../restate/endpoint/request-identity.ts";
import { createSendThrottle } from "../restate/endpoint/send-throttle.ts";
import { registerExecutor } from "../restate/server/registration.ts";
import { createCompiler } from "../sandbox/compile/compile.ts";
import { mapFailure } from "../sandbox/compile/diagnostics/source-map.ts";
import { createSandboxPool } from "../sandbox/scheduling/pool.ts";
import type { SandboxPool } from "../sandbox/scheduling/pool.ts";
import { openWorkMarkers, takeTurnMarkers, turnMarkersPath } from "../sandbox/scheduling/turn-markers.ts";
import { sealSeed } from "../services/executions/callback-token.ts";
import { startArtifactRetention } from "../services/retention/artifact-retention.ts";
import { assertDatabase, assertExecutions } from "../services/retention/data-loss.ts";
import { startExecutionRetention } from "../services/retention/execution-retention.ts";
import { startLogRetention } from "../services/retention/log-retention.ts";
import { createSecretSource } from "../services/secrets.ts";
import { LogWriter } from "../stores/logs/log-writer.ts";
import { withErrorPrefix, withPortErrors } from "./checks.ts";
import { optional } from "./parts.ts";
import type { Parts, StartOptions } from "./parts.ts";

export async function startLogWriter({ config, stack, log }: Parts): Promise<LogWriter> {
  const mapping = {
    artifactsDir: config.artifactsDir,
    module: new URL("../sandbox/compile/diagnostics/source-map.ts", import.meta.url).href,
  };
  const { databaseUrl: databasePath } = config;
  return stack.use(await LogWriter.start({ databasePath, mapping, logger: log.part("logs") }));
}

export interface ServedExecutor {
  readonly pool: SandboxPool;
  readonly executor: Executor;
}

export async function serveExecutor(parts: Parts, writer: LogWriter): Promise<ServedExecutor> {
  const { config, stack, log, restate, engines, artifacts } = parts;
  const { maxLimits, retentionHours, turnTimeoutMs } = config;
  const turnMarkersDir = join(config.dataDir, "turn-markers");
  const crashes = openCrashGuard(parts, turnMarkersDir);
  const markWork = (executionId: string) => crashes.markWork(executionId);
  const untraced = createHttpClient({ policy: parts.policy, resolve: parts.resolve, markWork });
  const http = stack.use(parts.tracing?.fetches(untraced) ?? untraced);
  const { instruments } = parts;
  const pool = stack.use(
    createSandboxPool({
      engines,
      artifacts,
      turnTimeoutMs,
      turnMarkersDir,
      observer: instruments,
      ...optional("workers", config.workers),
    }),
  );
  const compiler = stack.use(
    createCompiler({
      engines,
      artifacts,
      temporaryDir: join(config.dataDir, "bundling"),
      ...optional("packagesDir", config.packagesDir),
    }),
  );
  const reusedSteps = createReusedStepsSource(restate);
  const workflow = createWorkflowObject({
    async compile(source, limits) {
      const compiled = await instruments.timeCompile(async () => await compiler.compile(source, limits));
      void pool.prepare(compiled);
      return compiled;
    },
    versions: parts.versions,
    workflows: parts.workflows,
    acquire: async (version, use) =>
      await instruments.timeAcquire(async () => await pool.acquire({ ...version, ...use })),
    limitsOf: (workflowId) => limitsWithin(maxLimits, parts.settings.get(workflowId).limits),
    sendsTraceparent: (workflowId) => parts.settings.get(workflowId).traceparent ?? false,
    retentionHours,
    mapFailure: async (failure, { sourceMapDigest }) =>
      mapFailure(failure, new TextDecoder().decode(await artifacts.get(sourceMapDigest))),
    operations: createOperations({
      http,
      secrets: createSecretSource(parts.secrets),
      egressOf: (workflowId) => egressRules(parts.settings.get(workflowId as WorkflowId)),
      compression: { compress: compressBytes, decompress: decompressBytes },
    }),
    effectsInFlight: createEffectsInFlight(),
    sendThrottle: createSendThrottle({ perSecond: config.maxSendsPerSecond }),
    crashes,
    reusedSteps,
    onStarted(executionId, version) {
      parts.startedVersions.note(executionId, version);
      parts.tracing?.started(executionId, version);
      parts.backlog.started(executionId);
    },
    callbackUrl: (executionId, seed) =>
      `${config.publicUrl}/callbacks/${sealSeed(parts.keys, executionId, seed)}`,
    onEnded({ executionId, outcome, fuelUsed, operations }) {
      instruments.executionEnded({ outcome, operations });
      writer.used({ executionId, fuelUsed, endedAt: Date.now() });
      parts.fuelMeter.count({ outcome, fuelUsed });
    },
    log: (executionId, { sourceMapDigest }) => writer.open(executionId, sourceMapDigest),
  });
  const { host, port, url } = config.executor;
  const identityKey = identityKeyOf(config, log);
  const executor = await withPortErrors("DURANIUM_EXECUTOR_PORT", port, async () => {
    const services = [
      workflow,
      createWorkflowState(),
      createExecutionObject({ restate: parts.restate, reusedSteps }),
    ];
    const hooks = parts.tracing?.hooks;
    return stack.use(
      await startExecutor({ host, port, services, identityKey, hooks, logger: log.part("restate") }),
    );
  });
  await registerExecutor(restate, url);
  await assertDatabase(parts.inventory, { ...parts, databaseUrl: config.databaseUrl });
  await assertExecutions(parts.inventory, parts);
  resumeBackingOff(restate).catch((error: unknown) =>
    log.part("executor").error("cannot wake what waits for one", { error }),
  );
  const known = async (ids: readonly ExecutionId[]) => await existingExecutions(restate, ids);
  const retentionMs = retentionHours * 60 * 60 * 1_000;
  stack.use(startLogRetention({ logs: parts.logs, writer, known, retentionMs, logger: log.part("logs") }));
  stack.use(
    startExecutionRetention({
      settings: parts.settings,
      restate,
      writer,
      maxRetentionHours: retentionHours,
      logger: log.part("retention"),
    }),
  );
  const { artifactsDir } = config;
  stack.use(
    startArtifactRetention({ artifactsDir, versions: parts.versions, logger: log.part("retention") }),
  );
  return { pool, executor };
}

/** What ran in turns when the process before this one died is counted against them. */
function openCrashGuard({ config, restate, log, stack }: Parts, turnMarkersDir: string): CrashGuard {
  const directory = join(config.dataDir, "crashes");
  const died = takeTurnMarkers(turnMarkersDir);
  const notes = stack.use(openWorkMarkers(turnMarkersPath(turnMarkersDir)));
  const guard = createCrashGuard({ directory, restate, notes, logger: log.part("executor") });
  guard.recordProcessCrash(died);
  return guard;
}

function identityKeyOf({ restate }: Config, log: StartOptions["log"]): KeyObject | undefined {
  const { identityKeyFile } = restate;
  if (identityKeyFile === undefined) {
    log.warn("the executor takes requests of anybody who reaches its port: set RESTATE_IDENTITY_KEY");
    return undefined;
  }
  return withErrorPrefix("RESTATE_IDENTITY_KEY", () => readIdentityKey(identityKeyFile));
}
