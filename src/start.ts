import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApp, createMonitoringApp } from "./api/app.ts";
import type { Api, MonitoringOptions } from "./api/app.ts";
import { createClientAddress } from "./api/client-address.ts";
import type { ClientAddress } from "./api/client-address.ts";
import { openPageFiles } from "./api/page-files.ts";
import type { PageFiles } from "./api/page-files.ts";
import { startApi } from "./api/server.ts";
import type { Config, EmbeddedRestate } from "./config.ts";
import { DuraniumError, messageOf } from "./domain/errors.ts";
import { limitsWithin } from "./domain/execution-limits.ts";
import type { ExecutionId, WorkflowId } from "./domain/ids.ts";
import { egressRules } from "./domain/workflow-settings.ts";
import { parseEgressAllow } from "./host/egress.ts";
import type { EgressPolicy } from "./host/egress.ts";
import { createHttpClient } from "./host/http.ts";
import { createOperations } from "./host/operations/registry.ts";
import { createCompiler } from "./sandbox/compile/compile.ts";
import { mapFailure } from "./sandbox/compile/source-map.ts";
import { openEngines } from "./sandbox/engine/kept-engines.ts";
import type { EngineStore } from "./sandbox/engine/store.ts";
import { createSandboxPool } from "./sandbox/pool.ts";
import type { SandboxPool } from "./sandbox/pool.ts";
import { takeTurnNotes } from "./sandbox/turn-notes.ts";
import { createPortableComponents } from "./sandbox/portable-components.ts";
import { createBacklog } from "./services/backlog.ts";
import type { Backlog } from "./services/backlog.ts";
import { createBegunVersions } from "./services/begun-versions.ts";
import type { BegunVersions } from "./services/begun-versions.ts";
import { createAuditService } from "./services/audit.ts";
import { createApiKeyService } from "./services/api-keys.ts";
import { createEngineService } from "./services/engine-download.ts";
import { createFuelMeter } from "./services/fuel-meter.ts";
import type { FuelMeter } from "./services/fuel-meter.ts";
import { createCrashGuard } from "./services/crash-guard.ts";
import type { CrashGuard } from "./services/crash-guard.ts";
import { createDraftService } from "./services/drafts.ts";
import { createExecutionService } from "./services/executions.ts";
import { isScheduled } from "./services/execution-records.ts";
import { createExecutionObject } from "./services/execution-object.ts";
import { startExecutor } from "./services/executor.ts";
import { createHealthService } from "./services/health.ts";
import { createHookService } from "./services/hooks.ts";
import { knownExecutions, startLogRetention } from "./services/log-retention.ts";
import { createKeptStepsSource } from "./services/kept-steps.ts";
import { createLoadService, watchMachine } from "./services/load.ts";
import type { MachineLoad } from "./services/load.ts";
import { createLogService } from "./services/logs.ts";
import { createLiveAttempts } from "./services/live-attempts.ts";
import { createMeasures } from "./services/measures.ts";
import type { Measures } from "./services/measures.ts";
import { createMetricsService } from "./services/metrics.ts";
import { registerExecutor, wakeWaiting } from "./services/registration.ts";
import { ensureIdentityKey, readIdentityKey } from "./services/request-identity.ts";
import { createRestateClient } from "./services/restate-client.ts";
import type { RestateClient } from "./services/restate-client.ts";
import { PortTakenError, startRestateServer } from "./services/restate-server.ts";
import type { RestateServer } from "./services/restate-server.ts";
import { createSecretService, createSecretSource } from "./services/secrets.ts";
import { createSessionService } from "./services/sessions.ts";
import { createSettingsService } from "./services/settings.ts";
import type { Tracing } from "./services/tracing.ts";
import { createWorkflowState } from "./services/workflow-state.ts";
import { createWorkflowObject } from "./services/workflow-object.ts";
import { createWorkflowService } from "./services/workflows.ts";
import { createAuditLogStore } from "./stores/audit-log.ts";
import { createApiKeyStore } from "./stores/api-keys.ts";
import type { ApiKeyStore } from "./stores/api-keys.ts";
import type { ArtifactStore } from "./stores/artifacts/artifacts.ts";
import { createFileSystemArtifactStore } from "./stores/artifacts/file-system.ts";
import { createDraftStore } from "./stores/drafts.ts";
import { openDatabase } from "./stores/database.ts";
import type { Database } from "./stores/database.ts";
import { LogWriter } from "./stores/log-writer.ts";
import { createLogStore } from "./stores/logs.ts";
import type { LogStore } from "./stores/logs.ts";
import { createKeyRing, ensureKeyFile, parseKeys } from "./stores/key-ring.ts";
import type { KeyRing } from "./stores/key-ring.ts";
import { createHookStore } from "./stores/hooks.ts";
import type { HookStore } from "./stores/hooks.ts";
import { createSecretStore } from "./stores/secrets.ts";
import type { SecretStore } from "./stores/secrets.ts";
import { createSessionStore } from "./stores/sessions.ts";
import { createWorkflowSettingsStore } from "./stores/workflow-settings.ts";
import type { WorkflowSettingsStore } from "./stores/workflow-settings.ts";
import { createUsageStore } from "./stores/usages.ts";
import type { UsageStore } from "./stores/usages.ts";
import { createVersionStore } from "./stores/versions.ts";
import type { VersionStore } from "./stores/versions.ts";
import { createWorkflowStore } from "./stores/workflows.ts";
import type { WorkflowStore } from "./stores/workflows.ts";

/**
 * The composition root: builds what the configuration asks for, layer by layer. What was built is on
 * `stack`, so that it is taken down in the opposite order, however far this came.
 */
export async function start(config: Config, options: StartOptions): Promise<Running> {
  const parts = openParts(config, options, await openTracing(config, options));
  const isExecutor = config.role !== "api";
  const [server, writer] = await Promise.all([
    config.restate.kind === "embedded" ? embedRestate(config.restate, parts) : undefined,
    isExecutor ? startLogWriter(parts) : undefined,
    isExecutor ? parts.engines.current() : undefined,
  ]);
  const pool = writer === undefined ? undefined : await serveExecutor(parts, writer);
  const failed = server?.died ?? new Promise<string>(() => {});
  const monitoring = monitoringOf(parts, pool);
  if (config.role === "executor") {
    return { failed, monitoringUrl: await listen(parts, createMonitoringApp(monitoring)) };
  }
  const rootKey = parts.apiKeys.ensureRootKey(Date.now(), config.rootKey)?.key;
  const page = openPageFiles(fileURLToPath(new URL("../web/dist", import.meta.url)));
  const url = await serveApi(parts, monitoring, page);
  return { failed, url, hasPage: page !== undefined, ...(rootKey === undefined ? {} : { rootKey }) };
}

export interface StartOptions {
  readonly stack: AsyncDisposableStack;
  /** Takes lines for the operator. */
  readonly print: (line: string) => void;
}

export interface Running {
  /** The API's address. The role `executor` has none. */
  readonly url?: string;
  /** Whether the page is at that address. */
  readonly hasPage?: boolean;
  /** Where a process without an API answers for its health and its metrics. */
  readonly monitoringUrl?: string;
  /** Only when it was made just now. */
  readonly rootKey?: string;
  /** Resolves, with what to say, when something that all depends on is gone. */
  readonly failed: Promise<string>;
}

/** What the layers are built of. */
interface Parts extends StartOptions {
  readonly config: Config;
  readonly policy: EgressPolicy;
  readonly restate: RestateClient;
  readonly engines: EngineStore;
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  readonly workflows: WorkflowStore;
  readonly versions: VersionStore;
  readonly logs: LogStore;
  readonly apiKeys: ApiKeyStore;
  readonly secrets: SecretStore;
  readonly hooks: HookStore;
  readonly settings: WorkflowSettingsStore;
  readonly usages: UsageStore;
  readonly fuelMeter: FuelMeter;
  readonly begunVersions: BegunVersions;
  readonly backlog: Backlog;
  readonly machine: MachineLoad;
  readonly measures: Measures;
  readonly tracing: Tracing | undefined;
}

function openParts(config: Config, options: StartOptions, tracing: Tracing | undefined): Parts {
  const policy = egressPolicy(config);
  const keys = keyRing(config);
  const database = options.stack.use(openDatabase(config.databaseUrl));
  const restate = createRestateClient(config.restate, () => tracing?.headers() ?? {});
  const begunVersions = createBegunVersions();
  const backlog = createBacklog({
    hasBegun: (id) => begunVersions.versionOf(id) !== undefined,
    isWaiting: async (id) => await isScheduled(restate, id),
  });
  return {
    ...options,
    config,
    policy,
    restate,
    // What comes with the release may be gone with it: the data directory keeps what its versions need.
    engines: openEngines({
      directory: config.enginesDir,
      keptIn: join(config.dataDir, "engines"),
      onProgress: options.print,
    }),
    database,
    artifacts: createFileSystemArtifactStore(config.artifactsDir),
    workflows: createWorkflowStore(database),
    versions: createVersionStore(database),
    logs: createLogStore(database),
    apiKeys: createApiKeyStore(database),
    secrets: createSecretStore(database, keys),
    hooks: createHookStore(database, keys),
    settings: createWorkflowSettingsStore(database),
    usages: createUsageStore(database),
    fuelMeter: createFuelMeter(),
    begunVersions,
    backlog: options.stack.use(backlog),
    machine: options.stack.use(watchMachine()),
    measures: createMeasures(() => backlog.waiting),
    tracing,
  };
}

async function openTracing({ tracing }: Config, { stack }: StartOptions): Promise<Tracing | undefined> {
  if (tracing === undefined) return undefined;
  const { startTracing } = await import("./services/tracing.ts");
  return stack.use(startTracing({ ...tracing, serviceVersion: packageVersion() }));
}

async function embedRestate(restate: EmbeddedRestate, { config, stack }: Parts): Promise<RestateServer> {
  ensureIdentityKey(restate.identityKeyFile);
  return stack.use(await startRestateServer({ ...restate, dataDir: join(config.dataDir, "restate") }));
}

async function startLogWriter({ config, stack, print }: Parts): Promise<LogWriter> {
  return stack.use(await LogWriter.start({ databasePath: config.databaseUrl, reportProblem: print }));
}

async function serveExecutor(parts: Parts, writer: LogWriter): Promise<SandboxPool> {
  const { config, stack, print, restate, engines, artifacts } = parts;
  const http = stack.use(createHttpClient({ policy: parts.policy }));
  const { maxLimits, turnTimeoutMs } = config;
  const turnNotesDir = join(config.dataDir, "turns");
  const crashes = openCrashGuard(parts, turnNotesDir);
  const { measures } = parts;
  const pool = stack.use(
    createSandboxPool({
      engines,
      artifacts,
      turnTimeoutMs,
      turnNotesDir,
      observer: measures,
      ...given("workers", config.workers),
    }),
  );
  const compiler = stack.use(
    createCompiler({ engines, artifacts, ...given("packagesDir", config.packagesDir) }),
  );
  const attempts = createLiveAttempts();
  const keptSteps = createKeptStepsSource(restate);
  const workflow = createWorkflowObject({
    async compile(source, limits) {
      const compiled = await measures.compiling(async () => await compiler.compile(source, limits));
      void pool.prepare(compiled);
      return compiled;
    },
    versions: parts.versions,
    workflows: parts.workflows,
    acquire: async (version, use) =>
      await measures.acquiring(async () => await pool.acquire({ ...version, ...use })),
    limitsOf: (workflowId) => limitsWithin(maxLimits, parts.settings.get(workflowId).limits),
    mapFailure: async (failure, { sourceMapDigest }) =>
      mapFailure(failure, new TextDecoder().decode(await artifacts.get(sourceMapDigest))),
    operations: createOperations({
      http,
      secrets: createSecretSource(parts.secrets),
      egressOf: (workflowId) => egressRules(parts.settings.get(workflowId as WorkflowId)),
    }),
    attempts,
    crashes,
    keptSteps,
    onBegun(executionId, version) {
      parts.begunVersions.note(executionId, version);
      parts.backlog.began(executionId);
    },
    callbackUrl: `${config.publicUrl}/callbacks/`,
    onEnded({ executionId, outcome, fuelUsed, operations }) {
      measures.executionEnded({ outcome, operations });
      writer.used({ executionId, fuelUsed, endedAt: Date.now() });
      parts.fuelMeter.count({ outcome, fuelUsed });
    },
    log: (executionId) => writer.open(executionId),
  });
  const { host, port, url } = config.executor;
  const identityKey = identityKeyOf(config, print);
  await naming("DURANIUM_EXECUTOR_PORT", port, async () => {
    const services = [
      workflow,
      createWorkflowState(),
      createExecutionObject({ restate: parts.restate, attempts, keptSteps }),
    ];
    const hooks = parts.tracing?.hooks;
    stack.use(await startExecutor({ host, port, services, identityKey, hooks, logProblem: print }));
  });
  await registerExecutor(restate, url);
  wakeWaiting(restate).catch((error: unknown) =>
    print(`error executor: cannot wake what waits for one: ${messageOf(error)}`),
  );
  const known = async (ids: readonly ExecutionId[]) => await knownExecutions(restate, ids);
  stack.use(startLogRetention({ logs: parts.logs, writer, known, reportProblem: print }));
  return pool;
}

/** What ran in turns when the process before this one died is counted against them. */
function openCrashGuard({ config, restate, print }: Parts, turnNotesDir: string): CrashGuard {
  const directory = join(config.dataDir, "crashes");
  const guard = createCrashGuard({ directory, restate, reportProblem: print });
  guard.recordDeath(takeTurnNotes(turnNotesDir));
  return guard;
}

function monitoringOf(parts: Parts, pool: SandboxPool | undefined): MonitoringOptions {
  return {
    apiKeys: createApiKeyService(parts.apiKeys),
    health: createHealthService(parts.database, parts.restate),
    audit: createAuditService(createAuditLogStore(parts.database)),
    rateLimits: parts.config.rateLimits,
    overload: {
      load: createLoadService(parts, parts.config.overload),
      maxRequests: parts.config.overload.maxRequests,
    },
    clientAddress: clientAddress(parts.config),
    metrics: createMetricsService({
      metrics: [...parts.measures.metrics, parts.fuelMeter.metric],
      ...(pool === undefined ? {} : { sandbox: () => pool.use() }),
    }),
    tracing: parts.tracing?.requests,
    observer: { answered: (request) => parts.measures.requestAnswered(request) },
    logError: (error, instance) => parts.print(`error ${instance}: ${describe(error)}`),
  };
}

async function serveApi(
  parts: Parts,
  monitoring: MonitoringOptions,
  page: PageFiles | undefined,
): Promise<string> {
  const { config, stack, restate, workflows, versions, artifacts, usages } = parts;
  const components = createPortableComponents({ directory: join(config.dataDir, "components"), artifacts });
  const drafts = createDraftStore(parts.database);
  const closing = new AbortController();
  const executions = createExecutionService({
    restate,
    workflows,
    usages,
    versionOf: (executionId) => parts.begunVersions.versionOf(executionId),
    onAccepted: (executionId) => parts.backlog.accepted(executionId),
  });
  const app = createApp({
    ...monitoring,
    workflows: createWorkflowService({
      restate,
      ownedBy: [parts.secrets, parts.hooks, parts.settings, drafts],
      workflows,
      versions,
      portableComponent: async (bundle) => await components.get(bundle),
    }),
    drafts: createDraftService(drafts),
    executions,
    settings: createSettingsService(parts.settings, config.maxLimits),
    secrets: createSecretService(parts.secrets),
    engines: createEngineService(parts.engines),
    sessions: createSessionService({
      store: createSessionStore(parts.database),
      apiKeys: monitoring.apiKeys,
      keyStore: parts.apiKeys,
    }),
    corsOrigins: config.corsOrigins,
    publicOrigin: new URL(config.publicUrl).origin,
    hooks: createHookService({ store: parts.hooks, executions, hookUrl: `${config.publicUrl}/hooks/` }),
    logs: createLogService(restate, parts.logs),
    version: packageVersion(),
    page,
    restateUiUrl: config.restate.adminUrl,
    closing: closing.signal,
  });
  const url = await listen(parts, app);
  stack.defer(() => closing.abort());
  return url;
}

async function listen({ config, stack }: Parts, app: Api): Promise<string> {
  const { host, port } = config.api;
  const server = stack.use(await naming("PORT", port, async () => await startApi({ app, host, port })));
  return server.url;
}

/** Made, and looked up again, in a file; or as the operator gives them. */
function keyRing({ masterKey, masterKeyFile }: Config): KeyRing {
  const read = () => parseKeys(masterKey ?? ensureKeyFile(masterKeyFile));
  try {
    return createKeyRing(read(), read);
  } catch (cause) {
    const source = masterKey === undefined ? masterKeyFile : "DURANIUM_MASTER_KEY";
    throw new Error(`${source} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function identityKeyOf({ restate }: Config, print: StartOptions["print"]): string | undefined {
  const { identityKeyFile } = restate;
  if (identityKeyFile === undefined) {
    print("warning: the executor takes requests of anybody who reaches its port: set RESTATE_IDENTITY_KEY");
    return undefined;
  }
  try {
    return readIdentityKey(identityKeyFile);
  } catch (cause) {
    throw new Error(`RESTATE_IDENTITY_KEY cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function clientAddress({ trustedProxies }: Config): ClientAddress {
  try {
    return createClientAddress(trustedProxies);
  } catch (cause) {
    throw new Error(`DURANIUM_TRUSTED_PROXIES cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function egressPolicy({ egressAllow }: Config): EgressPolicy {
  try {
    return parseEgressAllow(egressAllow);
  } catch (cause) {
    throw new Error(`DURANIUM_EGRESS_ALLOW cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** Says which variable to change when a port cannot be listened on. */
async function naming<T>(variable: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") throw new PortTakenError(variable, port);
    if (code === "EACCES")
      throw new Error(`port ${port} needs more rights: set ${variable} to another`, { cause: error });
    throw error;
  }
}

function given<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: T });
}

function packageVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Where something that we need is away, and may come back, the stack of who asked for it tells nothing. */
function describe(error: unknown): string {
  if (error instanceof DuraniumError && error.retryable && error.code !== "internal") {
    return `${error.code}: ${error.message}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
