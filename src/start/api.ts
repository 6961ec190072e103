import { join } from "node:path";
import { createApp, probes } from "../api/app.ts";
import type { Api, MonitoringOptions } from "../api/app.ts";
import type {
  ApiKeyService,
  ExecutionService,
  ExecutorsService,
  HealthService,
  WebhookService,
} from "../api/contract/services.ts";
import type { RateLimitOptions } from "../api/access/rate-limit.ts";
import { startApi } from "../api/server.ts";
import type { WebUiFiles } from "../api/web-ui/web-ui-files.ts";
import { addressesOf } from "../config/config.ts";
import { toDuraniumError } from "../domain/errors.ts";
import { createRestateAdmin } from "../restate/client/restate-admin.ts";
import { createPortableComponents } from "../sandbox/engine/portable/portable-components.ts";
import { createAlertService } from "../services/alerts/alert-service.ts";
import { createApiKeyService } from "../services/api-keys.ts";
import { createEngineService } from "../services/engines/engine-service.ts";
import { createExecutionService } from "../services/executions/executions.ts";
import { createLogService } from "../services/logs.ts";
import { createFailureService } from "../services/monitoring/failures.ts";
import { createOverviewService } from "../services/monitoring/overview.ts";
import { createPayloadThrottle } from "../services/executions/payload-throttle.ts";
import { createPackageService } from "../services/packages/packages.ts";
import { createScheduleService } from "../services/automation/schedules.ts";
import { createQueueService } from "../services/queues/queues.ts";
import { createReplayCheckService } from "../services/replays/replay-checks.ts";
import { createSecretService } from "../services/secrets.ts";
import { createSessionService } from "../services/sessions.ts";
import { createSettingsService } from "../services/settings.ts";
import { createDeliveryLog } from "../services/webhooks/delivery-log.ts";
import { createWebhookService } from "../services/webhooks/webhooks.ts";
import { createWorkflowService } from "../services/workflows.ts";
import { createAuditLogStore } from "../stores/audit-log.ts";
import { createSharedCounts } from "../stores/coordination/shared-counts.ts";
import { createDraftStore } from "../stores/drafts.ts";
import { createFailureStore } from "../stores/logs/failures.ts";
import { createWebhookDeliveryStore } from "../stores/webhook-deliveries.ts";
import { createSessionStore } from "../stores/sessions.ts";
import { createHealthService } from "../telemetry/health.ts";
import { createMetricsService, createProcessMetrics } from "../telemetry/metrics.ts";
import type { ProcessMetrics } from "../telemetry/metrics.ts";
import { createLoadService } from "../telemetry/process-load.ts";
import { withPortErrors, parseTrustedProxies } from "./checks.ts";
import { inspectEngine } from "./engines.ts";
import { packageVersion } from "./parts.ts";
import type { ServedExecutor } from "./executor.ts";
import type { Parts } from "./parts.ts";
import type { ExecutorProcesses } from "./processes/executor-processes.ts";

/** The metrics of this process. */
export function processMetricsOf(
  { restate, telemetry: { instruments, fuelMeter } }: Parts,
  served: ServedExecutor | undefined,
): ProcessMetrics {
  return createProcessMetrics({
    restateNodes: async () => await restate.health(),
    metrics: [...instruments.metrics, fuelMeter.metric],
    ...(served && { sandbox: () => served.pool.use(), executor: served.executor.use }),
  });
}

/** What both the API and a process without one serve: health, metrics, and the protection of the endpoint. */
export function monitoringOf(
  parts: Parts,
  served: ServedExecutor | undefined,
  processes: ExecutorProcesses | undefined,
): MonitoringOptions {
  const { config, restate, stopping, stores } = parts;
  const { instruments, tracing, backlog, machine } = parts.telemetry;
  const { minFreeDiskBytes, maxRequests } = config.overload;
  return {
    apiKeys: createApiKeyService(stores.apiKeys, stores.workflows),
    health: createHealthService({
      database: stores.database,
      restate,
      machine,
      stopping,
      minFreeDiskBytes,
      executors: processes,
    }),
    audit: createAuditLogStore(stores.database),
    rateLimits: { ...config.rateLimits, ...sharedLimits(parts) },
    overload: { load: createLoadService({ backlog, machine, stopping }, config.overload), maxRequests },
    clientAddress: parseTrustedProxies(config),
    metrics: createMetricsService(
      processMetricsOf(parts, served),
      processes && (async () => await processes.metrics()),
    ),
    tracing: tracing?.requests,
    observer: {
      answered(request) {
        instruments.requestAnswered(request);
        if (config.log.hasAccess && !probes.has(request.operationId)) parts.log.access(request);
      },
    },
    logError: (error, instance) =>
      parts.log.error(instance, { instance, code: toDuraniumError(error).code, error }),
  };
}

/** The limit of an address stops those who guess keys, wherever the load balancer sends them. */
function sharedLimits({ stack, stores: { database } }: Parts): Pick<RateLimitOptions, "addressRequests"> {
  if (database.dialect === "sqlite") return {};
  return { addressRequests: stack.use(createSharedCounts(database, "requests-by-address")) };
}

export async function serveApi(
  parts: Parts,
  monitoring: MonitoringOptions,
  { page, executors }: { readonly page: WebUiFiles | undefined; readonly executors: ExecutorsService },
): Promise<string> {
  const { config, stack, restate, stores } = parts;
  const { workflows, versions } = stores;
  const components = openComponents(parts);
  const drafts = createDraftStore(stores.database);
  const closing = new AbortController();
  const executions = executionService(parts);
  const packages = packageService(parts);
  const app = createApp({
    ...monitoring,
    workflows: createWorkflowService({
      restate,
      ownedBy: [stores.secrets, stores.webhooks, stores.rules, stores.pauses, drafts],
      usedByExecutions: [
        stores.settings,
        stores.pauses,
        stores.ends,
        stores.counts,
        stores.incidents,
        stores.outbox,
      ],
      pauses: stores.pauses,
      settings: stores.settings,
      workflows,
      versions,
      components,
      packages,
    }),
    drafts,
    packages,
    executions,
    replayChecks: createReplayCheckService({ restate, workflows, versions, drafts, packages }),
    schedules: createScheduleService({ restate, workflows, versions }),
    settings: createSettingsService(stores.settings, config, restate),
    queues: createQueueService(restate),
    secrets: createSecretService(stores.secrets),
    engines: engineService(parts),
    executors,
    sessions: sessionService(stores, monitoring.apiKeys),
    corsOrigins: config.corsOrigins,
    publicOrigin: new URL(config.publicUrl).origin,
    webhooks: webhookService(parts, executions),
    logs: createLogService(restate, stores.logs, stores.database),
    ...alertServices(parts, monitoring.health),
    version: packageVersion(),
    page,
    restateAdmin: stack.use(createRestateAdmin(addressesOf(config.restate).admin)),
    portableComponents: components !== undefined,
    closing: closing.signal,
  });
  const url = await listen(parts, app);
  stack.defer(() => closing.abort());
  return url;
}

function executionService({ keys, restate, stores, telemetry }: Parts): ExecutionService {
  const { ends, logs, pauses, settings, versions, workflows } = stores;
  return createExecutionService({
    restate,
    keys,
    workflows,
    ends,
    logs,
    pauses,
    settings,
    versions,
    payloadThrottle: createPayloadThrottle(),
    versionOf: (executionId) => telemetry.startedVersions.versionOf(executionId),
    onAccepted: (executionId) => telemetry.backlog.accepted(executionId),
  });
}

function engineService({ engines, stores }: Parts) {
  const { engines: records, artifacts } = stores;
  return createEngineService({ engines, records, artifacts, inspect: inspectEngine });
}

function packageService({ config, stores }: Parts) {
  const { packages: store, artifacts } = stores;
  const { packagesDir, packagesRegistry: registry } = config;
  return createPackageService({ store, artifacts, packagesDir, registry });
}

function sessionService({ database, apiKeys: keyStore }: Parts["stores"], apiKeys: ApiKeyService) {
  return createSessionService({ store: createSessionStore(database), apiKeys, keyStore });
}

function webhookService(
  { config, log: { part }, stack, stores }: Parts,
  executions: Pick<ExecutionService, "execute">,
): WebhookService {
  const deliveries = createWebhookDeliveryStore(stores.database);
  return createWebhookService({
    store: stores.webhooks,
    deliveries,
    log: stack.use(createDeliveryLog(deliveries, part("webhooks"))),
    executions,
    webhookUrl: `${config.publicUrl}/webhooks/`,
  });
}

/** What the API answers about alerts, failures and the state of the installation. */
function alertServices({ config, restate, stores }: Parts, health: HealthService) {
  const { database, rules, incidents, outbox, workflows, counts, versions } = stores;
  const failures = createFailureStore(database);
  return {
    alerts: createAlertService({
      rules,
      incidents,
      outbox,
      workflows,
      canSendMail: config.smtp !== undefined,
      onChanged: () => database.publish("alerts", ""),
    }),
    failures: createFailureService(failures),
    overview: createOverviewService({
      restate,
      counts,
      failures,
      incidents,
      versions,
      queues: createQueueService(restate),
      health,
    }),
  };
}

function openComponents({ config, stores: { artifacts } }: Parts) {
  if (!config.portableComponents) return undefined;
  return createPortableComponents({ directory: join(config.dataDir, "components"), artifacts });
}

export async function listen({ config, stack }: Parts, app: Api): Promise<string> {
  const { host, port } = config.api;
  const server = stack.use(
    await withPortErrors("PORT", port, async () => await startApi({ app, host, port })),
  );
  return server.url;
}
