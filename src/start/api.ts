import { join } from "node:path";
import { createApp, probes } from "../api/app.ts";
import type { Api, MonitoringOptions } from "../api/app.ts";
import { startApi } from "../api/server.ts";
import type { WebUiFiles } from "../api/web-ui/web-ui-files.ts";
import { toDuraniumError } from "../domain/errors.ts";
import { createRestateAdmin } from "../restate/client/restate-admin.ts";
import { createPortableComponents } from "../sandbox/engine/portable/portable-components.ts";
import type { SandboxPool } from "../sandbox/scheduling/pool.ts";
import { createApiKeyService } from "../services/api-keys.ts";
import { createAuditService } from "../services/audit.ts";
import { createDraftService } from "../services/drafts.ts";
import { createEngineService } from "../services/engine-download.ts";
import { createExecutionService } from "../services/executions/executions.ts";
import { createLogService } from "../services/logs.ts";
import { createPayloadPacing } from "../services/executions/payload-pacing.ts";
import { createSecretService } from "../services/secrets.ts";
import { createSessionService } from "../services/sessions.ts";
import { createSettingsService } from "../services/settings.ts";
import { createWebhookService } from "../services/webhooks/webhooks.ts";
import { createWorkflowService } from "../services/workflows.ts";
import { createAuditLogStore } from "../stores/audit-log.ts";
import { createDraftStore } from "../stores/drafts.ts";
import { createSessionStore } from "../stores/sessions.ts";
import { createHealthService } from "../telemetry/health.ts";
import { createMetricsService } from "../telemetry/metrics.ts";
import { createLoadService } from "../telemetry/process-load.ts";
import { withPortErrors, parseTrustedProxies } from "./checks.ts";
import { packageVersion } from "./parts.ts";
import type { Parts } from "./parts.ts";

export function monitoringOf(parts: Parts, pool: SandboxPool | undefined): MonitoringOptions {
  return {
    apiKeys: createApiKeyService(parts.apiKeys, parts.workflows),
    health: createHealthService({ ...parts, minFreeDiskBytes: parts.config.overload.minFreeDiskBytes }),
    audit: createAuditService(createAuditLogStore(parts.database)),
    rateLimits: parts.config.rateLimits,
    overload: {
      load: createLoadService(parts, parts.config.overload),
      maxRequests: parts.config.overload.maxRequests,
    },
    clientAddress: parseTrustedProxies(parts.config),
    metrics: createMetricsService({
      metrics: [...parts.instruments.metrics, parts.fuelMeter.metric],
      ...(pool === undefined ? {} : { sandbox: () => pool.use() }),
    }),
    tracing: parts.tracing?.requests,
    observer: {
      answered(request) {
        parts.instruments.requestAnswered(request);
        if (parts.config.log.hasAccess && !probes.has(request.operationId)) parts.log.access(request);
      },
    },
    logError: (error, instance) =>
      parts.log.error(instance, { instance, code: toDuraniumError(error).code, error }),
  };
}

export async function serveApi(
  parts: Parts,
  monitoring: MonitoringOptions,
  page: WebUiFiles | undefined,
): Promise<string> {
  const { config, stack, restate, workflows, versions, artifacts, usages } = parts;
  const componentsDir = join(config.dataDir, "components");
  const components = config.portableComponents
    ? createPortableComponents({ directory: componentsDir, artifacts })
    : undefined;
  const drafts = createDraftStore(parts.database);
  const closing = new AbortController();
  const executions = createExecutionService({
    restate,
    keys: parts.keys,
    workflows,
    usages,
    payloadPacing: createPayloadPacing(),
    versionOf: (executionId) => parts.startedVersions.versionOf(executionId),
    onAccepted: (executionId) => parts.backlog.accepted(executionId),
  });
  const app = createApp({
    ...monitoring,
    workflows: createWorkflowService({
      restate,
      ownedBy: [parts.secrets, parts.webhooks, drafts],
      settings: parts.settings,
      workflows,
      versions,
      components,
    }),
    drafts: createDraftService(drafts),
    executions,
    settings: createSettingsService(parts.settings, config),
    secrets: createSecretService(parts.secrets),
    engines: createEngineService(parts.engines),
    sessions: createSessionService({
      store: createSessionStore(parts.database),
      apiKeys: monitoring.apiKeys,
      keyStore: parts.apiKeys,
    }),
    corsOrigins: config.corsOrigins,
    publicOrigin: new URL(config.publicUrl).origin,
    webhooks: createWebhookService({
      store: parts.webhooks,
      executions,
      webhookUrl: `${config.publicUrl}/webhooks/`,
    }),
    logs: createLogService(restate, parts.logs),
    version: packageVersion(),
    page,
    restateAdmin: stack.use(createRestateAdmin(config.restate.admin)),
    portableComponents: components !== undefined,
    closing: closing.signal,
  });
  const url = await listen(parts, app);
  stack.defer(() => closing.abort());
  return url;
}

export async function listen({ config, stack }: Parts, app: Api): Promise<string> {
  const { host, port } = config.api;
  const server = stack.use(
    await withPortErrors("PORT", port, async () => await startApi({ app, host, port })),
  );
  return server.url;
}
