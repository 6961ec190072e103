import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "./api/app.ts";
import { startApi } from "./api/server.ts";
import type { Config, EmbeddedRestate } from "./config.ts";
import { DuraniumError, messageOf } from "./domain/errors.ts";
import type { ExecutionId } from "./domain/ids.ts";
import { parseEgressAllow } from "./host/egress.ts";
import type { EgressPolicy } from "./host/egress.ts";
import { createHttpClient } from "./host/http.ts";
import { createOperations } from "./host/operations/registry.ts";
import { createCompiler } from "./sandbox/compile/compile.ts";
import { mapFailure } from "./sandbox/compile/source-map.ts";
import { createEngineStore } from "./sandbox/engine/store.ts";
import type { EngineStore } from "./sandbox/engine/store.ts";
import { createSandboxPool } from "./sandbox/pool.ts";
import { createPortableComponents } from "./sandbox/portable-components.ts";
import { createApiKeyService } from "./services/api-keys.ts";
import { createExecutionService } from "./services/executions.ts";
import { createExecutionObject } from "./services/execution-object.ts";
import { startExecutor } from "./services/executor.ts";
import { createHealthService } from "./services/health.ts";
import { knownExecutions, startLogRetention } from "./services/log-retention.ts";
import { createLogService } from "./services/logs.ts";
import { createLiveAttempts } from "./services/live-attempts.ts";
import { registerExecutor } from "./services/registration.ts";
import { createRestateClient } from "./services/restate-client.ts";
import type { RestateClient } from "./services/restate-client.ts";
import { PortTakenError, startRestateServer } from "./services/restate-server.ts";
import type { RestateServer } from "./services/restate-server.ts";
import { createWorkflowState } from "./services/workflow-state.ts";
import { createWorkflowObject } from "./services/workflow-object.ts";
import { createWorkflowService } from "./services/workflows.ts";
import { createApiKeyStore } from "./stores/api-keys.ts";
import type { ApiKeyStore } from "./stores/api-keys.ts";
import type { ArtifactStore } from "./stores/artifacts/artifacts.ts";
import { createFileSystemArtifactStore } from "./stores/artifacts/file-system.ts";
import { openDatabase } from "./stores/database.ts";
import type { Database } from "./stores/database.ts";
import { LogWriter } from "./stores/log-writer.ts";
import { createLogStore } from "./stores/logs.ts";
import type { LogStore } from "./stores/logs.ts";
import { createVersionStore } from "./stores/versions.ts";
import type { VersionStore } from "./stores/versions.ts";
import { createWorkflowStore } from "./stores/workflows.ts";
import type { WorkflowStore } from "./stores/workflows.ts";

/**
 * The composition root: builds what the configuration asks for, layer by layer. What was built is on
 * `stack`, so that it is taken down in the opposite order, however far this came.
 */
export async function start(config: Config, options: StartOptions): Promise<Running> {
  const parts = openParts(config, options);
  const isExecutor = config.role !== "api";
  const [server, writer] = await Promise.all([
    config.restate.kind === "embedded" ? embedRestate(config.restate, parts) : undefined,
    isExecutor ? startLogWriter(parts) : undefined,
    isExecutor ? parts.engines.current() : undefined,
  ]);
  if (writer !== undefined) await serveExecutor(parts, writer);
  const failed = server?.died ?? new Promise<string>(() => {});
  if (config.role === "executor") return { failed };
  const rootKey = parts.apiKeys.ensureRootKey(Date.now(), config.rootKey)?.key;
  return { failed, url: await serveApi(parts), ...(rootKey === undefined ? {} : { rootKey }) };
}

export interface StartOptions {
  readonly stack: AsyncDisposableStack;
  /** Takes lines for the operator. */
  readonly print: (line: string) => void;
}

export interface Running {
  /** The API's address. The role `executor` has none. */
  readonly url?: string;
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
}

function openParts(config: Config, options: StartOptions): Parts {
  const policy = egressPolicy(config);
  const database = options.stack.use(openDatabase(config.databaseUrl));
  return {
    ...options,
    config,
    policy,
    restate: createRestateClient(config.restate),
    engines: createEngineStore({ directory: config.enginesDir, onProgress: options.print }),
    database,
    artifacts: createFileSystemArtifactStore(config.artifactsDir),
    workflows: createWorkflowStore(database),
    versions: createVersionStore(database),
    logs: createLogStore(database),
    apiKeys: createApiKeyStore(database),
  };
}

async function embedRestate(restate: EmbeddedRestate, { config, stack }: Parts): Promise<RestateServer> {
  return stack.use(await startRestateServer({ ...restate, dataDir: join(config.dataDir, "restate") }));
}

async function startLogWriter({ config, stack, print }: Parts): Promise<LogWriter> {
  return stack.use(await LogWriter.start({ databasePath: config.databaseUrl, reportProblem: print }));
}

async function serveExecutor(parts: Parts, writer: LogWriter): Promise<void> {
  const { config, stack, print, restate, engines, artifacts } = parts;
  const http = stack.use(createHttpClient({ policy: parts.policy }));
  const pool = stack.use(createSandboxPool({ engines, artifacts, ...given("workers", config.workers) }));
  const compiler = stack.use(
    createCompiler({ engines, artifacts, ...given("packagesDir", config.packagesDir) }),
  );
  const attempts = createLiveAttempts();
  const workflow = createWorkflowObject({
    compile: async (source) => await compiler.compile(source),
    versions: parts.versions,
    workflows: parts.workflows,
    acquire: async ({ imageDigest, engineDigest }, signal) =>
      await pool.acquire({ imageDigest, engineDigest, signal }),
    mapFailure: async (failure, { sourceMapDigest }) =>
      mapFailure(failure, new TextDecoder().decode(await artifacts.get(sourceMapDigest))),
    operations: createOperations({ http }),
    attempts,
    callbackUrl: `${config.publicUrl}/callbacks/`,
    log: (executionId) => writer.open(executionId),
  });
  const { host, port, url } = config.executor;
  await naming("DURANIUM_EXECUTOR_PORT", port, async () => {
    const services = [
      workflow,
      createWorkflowState(),
      createExecutionObject({ restate: parts.restate, attempts }),
    ];
    stack.use(await startExecutor({ host, port, services, logProblem: print }));
  });
  await registerExecutor(restate, url);
  const known = async (ids: readonly ExecutionId[]) => await knownExecutions(restate, ids);
  stack.use(startLogRetention({ logs: parts.logs, writer, known, reportProblem: print }));
}

async function serveApi(parts: Parts): Promise<string> {
  const { config, stack, print, restate, workflows, versions, artifacts } = parts;
  const components = createPortableComponents({ directory: join(config.dataDir, "components"), artifacts });
  const closing = new AbortController();
  const app = createApp({
    workflows: createWorkflowService({
      restate,
      workflows,
      versions,
      portableComponent: async (bundle) => await components.get(bundle),
    }),
    executions: createExecutionService(restate, workflows),
    logs: createLogService(restate, parts.logs),
    apiKeys: createApiKeyService(parts.apiKeys),
    health: createHealthService(parts.database, restate),
    version: packageVersion(),
    restateUiUrl: config.restate.adminUrl,
    closing: closing.signal,
    logError: (error, instance) => print(`error ${instance}: ${describe(error)}`),
  });
  const { host, port } = config.api;
  const server = await naming("PORT", port, async () => await startApi({ app, host, port }));
  stack.use(server);
  stack.defer(() => closing.abort());
  return server.url;
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
