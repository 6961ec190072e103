import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "../config/config.ts";
import type { Config } from "../config/config.ts";
import type { AcceptedLosses } from "../domain/accepted-losses.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { EgressPolicy } from "../host/network/egress.ts";
import { createInstallationAddresses } from "../host/network/installation-addresses.ts";
import type { InstallationAddresses } from "../host/network/installation-addresses.ts";
import { createNameResolver } from "../host/network/name-resolver.ts";
import type { Resolve } from "../host/network/name-resolver.ts";
import { isScheduled } from "../read-model/execution-records.ts";
import { createRestateClient } from "../restate/client/restate-client.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { openEngines } from "../sandbox/engine/engine-archive.ts";
import type { EngineStore } from "../sandbox/engine/engine-store.ts";
import { shareEngines } from "../sandbox/engine/shared-engines.ts";
import { openInstalledEngines } from "../sandbox/engine/added/installed-engines.ts";
import type { InstalledEngines } from "../sandbox/engine/added/installed-engines.ts";
import { assertArtifacts, assertMasterKeys } from "../services/retention/data-loss.ts";
import { createAlertEvaluation } from "../stores/alerts/alert-evaluation.ts";
import type { AlertEvaluation } from "../stores/alerts/alert-evaluation.ts";
import { createAlertIncidentStore } from "../stores/alerts/alert-incidents.ts";
import type { AlertIncidentStore } from "../stores/alerts/alert-incidents.ts";
import { createAlertOutbox } from "../stores/alerts/alert-outbox.ts";
import type { AlertOutbox } from "../stores/alerts/alert-outbox.ts";
import { createAlertRuleStore } from "../stores/alerts/alert-rules.ts";
import type { AlertRuleStore } from "../stores/alerts/alert-rules.ts";
import { createApiKeyStore } from "../stores/api-keys.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import type { ArtifactStorage } from "../stores/artifacts/artifacts.ts";
import { openArtifacts } from "../stores/artifacts/open-artifacts.ts";
import type { ArtifactsLocation } from "../stores/artifacts/open-artifacts.ts";
import { createEngineRecordStore } from "../stores/artifact-records/engines.ts";
import type { EngineRecordStore } from "../stores/artifact-records/engines.ts";
import { createKeyRing, ensureKeyFile, parseKeys } from "../stores/data-directory/key-ring.ts";
import type { KeyRing } from "../stores/data-directory/key-ring.ts";
import { createExecutionCountStore } from "../stores/logs/execution-counts.ts";
import type { ExecutionCountStore } from "../stores/logs/execution-counts.ts";
import { createExecutionEndStore } from "../stores/logs/execution-ends.ts";
import type { ExecutionEndStore } from "../stores/logs/execution-ends.ts";
import { createLogStore } from "../stores/logs/logs.ts";
import type { LogStore } from "../stores/logs/logs.ts";
import { createPackageStore } from "../stores/artifact-records/packages.ts";
import type { PackageStore } from "../stores/artifact-records/packages.ts";
import { createSecretStore } from "../stores/secrets.ts";
import type { SecretStore } from "../stores/secrets.ts";
import type { Database } from "../stores/sql/database.ts";
import { readInventory } from "../stores/sql/inventory.ts";
import type { StoredInventory } from "../stores/sql/inventory.ts";
import { hostsOf, openDatabase } from "../stores/sql/open-database.ts";
import { createVersionStore } from "../stores/versions.ts";
import type { VersionStore } from "../stores/versions.ts";
import { createWebhookStore } from "../stores/webhooks.ts";
import type { WebhookStore } from "../stores/webhooks.ts";
import { createWorkflowPauseStore } from "../stores/workflow-pauses.ts";
import type { WorkflowPauseStore } from "../stores/workflow-pauses.ts";
import { createWorkflowSettingsStore } from "../stores/workflow-settings.ts";
import type { WorkflowSettingsStore } from "../stores/workflow-settings.ts";
import { createWorkflowStore } from "../stores/workflows.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import { createBacklog } from "../telemetry/backlog.ts";
import type { Backlog } from "../telemetry/backlog.ts";
import { createFuelMeter } from "../telemetry/fuel-meter.ts";
import type { FuelMeter } from "../telemetry/fuel-meter.ts";
import { createInstruments } from "../telemetry/instruments.ts";
import type { Instruments } from "../telemetry/instruments.ts";
import { monitorProcessLoad } from "../telemetry/process-load.ts";
import type { ProcessLoad } from "../telemetry/process-load.ts";
import { createStartedVersions } from "../telemetry/started-versions.ts";
import type { StartedVersions } from "../telemetry/started-versions.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { withErrorPrefix, parseEgress } from "./checks.ts";
import { addedEngines } from "./engines.ts";
import type { Log } from "./log.ts";

export interface StartOptions {
  readonly stack: AsyncDisposableStack;
  readonly log: Log;
  readonly accepted: AcceptedLosses;
}

/** What the processes of all roles are built of, by owner. */
export interface Parts extends StartOptions {
  readonly config: Config;
  readonly restate: RestateClient;
  readonly engines: InstalledEngines;
  readonly keys: KeyRing;
  /** Aborts when the process starts to shut down and accepts no new work. */
  readonly stopping: AbortController;
  readonly network: NetworkParts;
  readonly stores: Stores;
  readonly telemetry: Telemetry;
}

export interface NetworkParts {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
}

export interface Stores {
  readonly database: Database;
  /** What the database contained before this process wrote to it. */
  readonly inventory: StoredInventory;
  readonly artifacts: ArtifactStorage;
  readonly workflows: WorkflowStore;
  readonly versions: VersionStore;
  readonly engines: EngineRecordStore;
  readonly packages: PackageStore;
  readonly logs: LogStore;
  readonly apiKeys: ApiKeyStore;
  readonly secrets: SecretStore;
  readonly webhooks: WebhookStore;
  readonly settings: WorkflowSettingsStore;
  readonly pauses: WorkflowPauseStore;
  readonly ends: ExecutionEndStore;
  readonly counts: ExecutionCountStore;
  readonly rules: AlertRuleStore;
  readonly incidents: AlertIncidentStore;
  readonly outbox: AlertOutbox;
  /** Evaluates rules in one transaction. */
  readonly evaluate: AlertEvaluation;
}

export interface Telemetry {
  readonly instruments: Instruments;
  readonly tracing: Tracing | undefined;
  readonly fuelMeter: FuelMeter;
  readonly startedVersions: StartedVersions;
  readonly backlog: Backlog;
  readonly machine: ProcessLoad;
}

export async function openParts(
  config: Config,
  options: StartOptions,
  tracing: Tracing | undefined,
): Promise<Parts> {
  const resolve = createNameResolver();
  const network = { policy: egressPolicy(config, resolve), resolve };
  const logger = options.log.part("database");
  const database = options.stack.use(await openDatabase(config, { logger }));
  const inventory = await readInventory(database);
  const keys = keyRing(config, inventory, options.accepted);
  const artifacts = options.stack.use(await openArtifacts(artifactsLocation(config)));
  await checkArtifacts(artifacts, inventory, options);
  const stores = openStores(keys, { database, inventory, artifacts });
  const restate = createRestateClient(addressesOf(config.restate), () => tracing?.headers() ?? {});
  return {
    ...options,
    config,
    restate,
    engines: openInstalledEngines(await builtEngines(config, options), addedEngines(stores)),
    keys,
    stopping: new AbortController(),
    network,
    stores,
    telemetry: openTelemetry(config, options.stack, { restate, tracing }),
  };
}

/**
 * A later release may not contain the engines of this one, so the data directory archives those that versions need, and the
 * bucket those of all machines.
 */
async function builtEngines(
  { dataDir, enginesDir, objectStorage }: Config,
  { log, stack }: StartOptions,
): Promise<EngineStore> {
  const directory = join(dataDir, "engines");
  const onProgress = (line: string) => log.info(line);
  const engines = openEngines({ directory: enginesDir, archiveDir: directory, onProgress });
  if (objectStorage === undefined) return engines;
  const { openBucketEngines } = await import("../stores/artifacts/bucket-engines.ts");
  const archive = stack.use(openBucketEngines(objectStorage));
  return shareEngines(engines, { archive, directory, onProgress });
}

/** Where this process finds artifacts, for itself and its threads. */
export function artifactsLocation({ artifactsDir, objectStorage }: Config): ArtifactsLocation {
  if (objectStorage === undefined) return { folder: artifactsDir };
  const { cache, ...bucket } = objectStorage;
  return { bucket, cache };
}

/** A bucket that is unavailable prevents no start: executions can run whose artifacts are in the cache. */
async function checkArtifacts(
  artifacts: ArtifactStorage,
  inventory: StoredInventory,
  { accepted, log }: StartOptions,
): Promise<void> {
  try {
    await assertArtifacts(inventory, { artifacts, accepted });
  } catch (error) {
    if (!(error instanceof DuraniumError) || error.code !== "object-storage-unavailable") throw error;
    log.warn("cannot check the artifacts", { error });
  }
}

function openStores(
  keys: KeyRing,
  { database, inventory, artifacts }: Pick<Stores, "database" | "inventory" | "artifacts">,
): Stores {
  return {
    database,
    inventory,
    artifacts,
    workflows: createWorkflowStore(database),
    versions: createVersionStore(database),
    engines: createEngineRecordStore(database),
    packages: createPackageStore(database),
    logs: createLogStore(database),
    apiKeys: createApiKeyStore(database),
    secrets: createSecretStore(database, keys),
    webhooks: createWebhookStore(database, keys),
    settings: createWorkflowSettingsStore(database),
    pauses: createWorkflowPauseStore(database),
    ends: createExecutionEndStore(database),
    counts: createExecutionCountStore(database),
    rules: createAlertRuleStore(database, keys),
    incidents: createAlertIncidentStore(database),
    outbox: createAlertOutbox(database),
    evaluate: createAlertEvaluation(database, keys),
  };
}

function openTelemetry(
  { dataDir }: Config,
  stack: AsyncDisposableStack,
  { restate, tracing }: { readonly restate: RestateClient; readonly tracing: Tracing | undefined },
): Telemetry {
  const startedVersions = createStartedVersions();
  const backlog = stack.use(
    createBacklog({
      hasStarted: (id) => startedVersions.versionOf(id) !== undefined,
      isWaiting: async (id) => await isScheduled(restate, id),
    }),
  );
  return {
    instruments: createInstruments(() => backlog.waiting),
    tracing,
    fuelMeter: createFuelMeter(),
    startedVersions,
    backlog,
    machine: stack.use(monitorProcessLoad(dataDir)),
  };
}

export async function openTracing(
  { tracing }: Config,
  { stack, log }: StartOptions,
): Promise<Tracing | undefined> {
  if (tracing === undefined) return undefined;
  const { startTracing } = await import("../telemetry/tracing.ts");
  return stack.use(
    startTracing({ ...tracing, serviceVersion: packageVersion(), logger: log.part("tracing") }),
  );
}

/** Reads the master keys from the configuration, or from a file that the first start creates. */
function keyRing(
  { masterKey, masterKeyFile }: Config,
  inventory: StoredInventory,
  accepted: AcceptedLosses,
): KeyRing {
  const source = masterKey === undefined ? masterKeyFile : "DURANIUM_MASTER_KEY";
  if (masterKey === undefined && !existsSync(masterKeyFile)) {
    assertMasterKeys(inventory, { keys: { has: () => false }, source, accepted });
  }
  const read = () => parseKeys(masterKey ?? ensureKeyFile(masterKeyFile));
  const keys = withErrorPrefix(source, () => createKeyRing(read(), read));
  assertMasterKeys(inventory, { keys, source, accepted });
  return keys;
}

function egressPolicy(config: Config, resolve: Resolve): EgressPolicy {
  return { ...parseEgress(config), installation: installationAddresses(config, resolve) };
}

function installationAddresses(
  { api, executor, postgresUrl, restate }: Config,
  resolve: Resolve,
): InstallationAddresses {
  const localPorts = [api.port, executor.port];
  const remote = [listenerOf(executor.url), ...(postgresUrl === undefined ? [] : hostsOf(postgresUrl))];
  if (restate.kind === "embedded") localPorts.push(...Object.values(restate.ports ?? {}));
  else {
    const listeners = [...restate.ingress, ...restate.admin].map(({ url }) => listenerOf(url));
    // The nodes of an external Restate also listen for each other.
    remote.push(
      ...listeners,
      ...listeners.map(({ hostname }) => ({ hostname, port: defaultRestateNodePort })),
    );
  }
  return createInstallationAddresses({ localPorts, remote, resolve });
}

const defaultRestateNodePort = 5_122;

function listenerOf(url: string): { readonly hostname: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const fallback = protocol === "https:" ? 443 : 80;
  return { hostname: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? fallback : Number(port) };
}

export function optional<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: T });
}

export function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
