import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { DuraniumError, toDuraniumError } from "../domain/errors.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { apiKeyRoutes } from "./access/api-key-routes.ts";
import { type AuditOptions, audited } from "./access/audit.ts";
import { type Authenticators, type RequestLimits, authentication } from "./access/authentication.ts";
import { type ClientAddress, networkOf } from "./access/client-address.ts";
import { createConcurrencyLimiter } from "./access/concurrency-limit.ts";
import type { ConcurrencyLimiter, OverloadOptions } from "./access/concurrency-limit.ts";
import { allowCrossOrigin } from "./access/cross-origin.ts";
import { type ExecutionOwners, assertPermission } from "./access/permissions.ts";
import { createRateLimit, setRateLimitHeaders } from "./access/rate-limit.ts";
import type { RateLimitOptions } from "./access/rate-limit.ts";
import { sessionRoutes } from "./access/session-routes.ts";
import { challengeOf } from "./access/unauthenticated.ts";
import { type Authenticated } from "./contract/context.ts";
import type { ApiContext } from "./contract/context.ts";
import { alertRoutes } from "./alerts/alert-routes.ts";
import { failureRoutes } from "./alerts/failure-routes.ts";
import { overviewRoutes } from "./alerts/overview-routes.ts";
import type { AlertService } from "./contract/alert.ts";
import type { EngineService } from "./contract/engine.ts";
import type { FailureService, OverviewService } from "./contract/monitoring.ts";
import type { ReplayCheckService } from "./contract/replay-check.ts";
import type {
  ApiKeyService,
  AuditLog,
  DraftService,
  ExecutionService,
  ExecutorsService,
  HealthService,
  WebhookService,
  LogService,
  MetricsService,
  RequestTracing,
  RestateAdminService,
  ScheduleService,
  QueueService,
  SecretService,
  SessionService,
  SettingsService,
  WorkflowService,
} from "./contract/services.ts";
import type { PackageService } from "./contract/package.ts";
import { callbackRoutes } from "./executions/callback-routes.ts";
import { executionRoutes } from "./executions/execution-routes.ts";
import { logRoutes } from "./executions/log-routes.ts";
import { problemResponse } from "./http/problem.ts";
import type { Route } from "./http/route.ts";
import { rejectMalformedPath } from "./http/validation.ts";
import { aboutRoutes } from "./installation/about-routes.ts";
import { auditRoutes } from "./installation/audit-routes.ts";
import { engineRoutes } from "./installation/engine-routes.ts";
import { errorRoutes } from "./installation/error-routes.ts";
import { executorRoutes } from "./installation/executor-routes.ts";
import { healthRoutes } from "./installation/health-routes.ts";
import { metricsRoutes } from "./installation/metrics-routes.ts";
import { openApiRoutes } from "./installation/openapi-routes.ts";
import { operateRestate, restateRoutes } from "./restate/restate-routes.ts";
import type { WebUiFiles } from "./web-ui/web-ui-files.ts";
import { scheduleRoutes } from "./schedules/schedule-routes.ts";
import { missingWebUiFile, webUiPaths, serveWebUi } from "./web-ui/web-ui.ts";
import { webhookRoutes } from "./webhooks/webhook-routes.ts";
import { packageRoutes } from "./packages/package-routes.ts";
import { draftRoutes } from "./workflows/draft-routes.ts";
import { replayCheckRoutes } from "./workflows/replay-check-routes.ts";
import { secretRoutes } from "./workflows/secret-routes.ts";
import { queueRoutes } from "./queues/queue-routes.ts";
import { sharedLimitRoutes } from "./queues/shared-limit-routes.ts";
import { settingsRoutes } from "./workflows/settings-routes.ts";
import { versionRoutes } from "./workflows/version-routes.ts";
import { workflowRoutes } from "./workflows/workflow-routes.ts";

/** Options for health, metrics and access, which every process has. */
export interface MonitoringOptions {
  readonly apiKeys: ApiKeyService;
  readonly health: HealthService;
  readonly metrics: MetricsService;
  readonly audit: AuditLog;
  readonly rateLimits: RateLimitOptions;
  readonly overload: OverloadOptions;
  readonly clientAddress: ClientAddress;
  readonly observer?: RequestObserver;
  readonly tracing?: RequestTracing | undefined;
  /** Logs a server error. `instance` is the identifier that the response gives to the caller. */
  readonly logError: (error: unknown, instance: string) => void;
}

/** Called for every request. */
export interface RequestObserver {
  /** `operationId` is absent if no route matched or the request was not authenticated. */
  answered(request: {
    readonly operationId?: string;
    readonly method: string;
    /** Without the query and without tokens. */
    readonly path: string;
    /** The name of the API key, if there is one. */
    readonly key?: string;
    readonly status: number;
    /** Time to the first byte of the response. */
    readonly durationMs: number;
  }): void;
}

export interface ApiOptions extends MonitoringOptions {
  readonly workflows: WorkflowService;
  readonly drafts: DraftService;
  readonly packages: PackageService;
  readonly executions: ExecutionService;
  readonly replayChecks: ReplayCheckService;
  readonly schedules: ScheduleService;
  readonly settings: SettingsService;
  readonly queues: QueueService;
  readonly secrets: SecretService;
  readonly webhooks: WebhookService;
  readonly engines: EngineService;
  readonly executors: ExecutorsService;
  readonly sessions: SessionService;
  readonly logs: LogService;
  readonly alerts: AlertService;
  readonly failures: FailureService;
  readonly overview: OverviewService;
  /** The version of Duranium. */
  readonly version: string;
  /** Serves Restate's web UI if given. */
  readonly restateAdmin?: RestateAdminService;
  /** True if versions can be downloaded as components. Defaults to false. */
  readonly portableComponents?: boolean;
  /** The public origin of the API, if a proxy changes the origin of requests. */
  readonly publicOrigin?: string | undefined;
  /** Origins whose pages may use the API; `*` allows any. Defaults to none. */
  readonly corsOrigins?: readonly string[];
  /** Absent if the web UI was not built. */
  readonly page?: WebUiFiles | undefined;
  /** Aborts when the API is about to close, to end waiting requests and log streams. */
  readonly closing?: AbortSignal;
}

export type Api = Hono<Authenticated>;

/** The HTTP API over the services. Every response is one that its route declares, or a problem document. */
export function createApp(options: ApiOptions): Api {
  const guarded = {
    ...options,
    workflowOf: async (id: ExecutionId) => await options.executions.workflowOf(id),
  };
  // Restate's own API is not part of the OpenAPI document.
  return createAppOf([...apiRoutes(options), ...restateRoutes(options)], guarded, { files: options.page });
}

/** Health and metrics of a process without an API. */
export function createMonitoringApp(options: MonitoringOptions): Api {
  return createAppOf(monitoringRoutes(options), options);
}

/** @param page given if this process serves the web UI, built or not */
function createAppOf(
  routes: readonly Route[],
  options: MonitoringOptions & Partial<ExecutionOwners> & Authenticators & Pick<ApiOptions, "corsOrigins">,
  page?: { readonly files: WebUiFiles | undefined },
): Api {
  const app: Api = new Hono();
  const guarded: Guarded = {
    ...options,
    ...requestLimits(options),
    concurrencyLimiter: createConcurrencyLimiter(options.overload),
  };
  const open = routes.filter(({ access }) => access === "public");
  const closed = routes.filter(({ access }) => access !== "public");
  const { observer, corsOrigins = [] } = options;
  if (observer !== undefined) app.use(observed(observer));
  if (page?.files !== undefined) app.use(serveWebUi(page.files));
  app.use(securityHeaders());
  app.use(setRateLimitHeaders);
  if (corsOrigins.length > 0) app.use(allowCrossOrigin(corsOrigins));
  app.use(async (context, next) => {
    rejectMalformedPath(context.req.url);
    return next();
  });
  if (page !== undefined) rejectMissingPages(app, page.files === undefined ? "unbuilt" : "built");
  const openPaths = pathsOf(open).difference(pathsOf(closed));
  register(app, open, guarded);
  rejectOtherMethods(app, routes, openPaths);
  app.use(authentication(options, guarded));
  register(app, closed, guarded);
  rejectOtherMethods(app, routes, pathsOf(closed));
  app.notFound(rejectUnknownRoute);
  app.onError((error, context) => answerError(error, context, options.logError));
  return app;
}

/** Paths of the web UI answer 404 without authentication. */
function rejectMissingPages(app: Api, page: "built" | "unbuilt"): void {
  for (const path of webUiPaths) {
    app.all(path, (context) => {
      if (context.req.method === "GET" || context.req.method === "HEAD")
        throw missingWebUiFile(context.req.path, page);
      return answerOtherMethod(context, "GET, HEAD, OPTIONS");
    });
  }
}

function requestLimits({ rateLimits, clientAddress }: MonitoringOptions): RequestLimits {
  return {
    perKey: createRateLimit("key", rateLimits.perKey),
    perAddress: createRateLimit("address", rateLimits.perAddress, rateLimits.addressRequests),
    clientAddress,
  };
}

/** Guards that a request passes before its route. */
type Guarded = RequestLimits &
  Pick<AuditOptions, "audit"> &
  Partial<ExecutionOwners> & {
    readonly concurrencyLimiter: ConcurrencyLimiter;
    readonly tracing?: RequestTracing | undefined;
  };

/** Every route of the API, in the order of the document. */
export function apiRoutes(options: ApiOptions): readonly Route[] {
  const routes = [
    ...workflowRoutes(options.workflows),
    ...versionRoutes(options.workflows),
    ...draftRoutes(options.drafts),
    ...packageRoutes(options.packages),
    ...executionRoutes(options.executions, options.closing ?? new AbortController().signal),
    ...replayCheckRoutes(options.replayChecks, options.closing ?? new AbortController().signal),
    ...failureRoutes(options.failures, options.executions),
    ...alertRoutes(options.alerts),
    ...overviewRoutes(options.overview),
    ...scheduleRoutes(options.schedules),
    ...settingsRoutes(options.settings),
    ...queueRoutes(options.queues),
    ...sharedLimitRoutes(options.queues),
    ...secretRoutes(options.secrets),
    ...webhookRoutes(options.webhooks),
    ...logRoutes(options.logs, options.closing ?? new AbortController().signal),
    ...callbackRoutes(options.executions),
    ...apiKeyRoutes(options.apiKeys),
    ...sessionRoutes(options),
    ...engineRoutes(options.engines),
    ...executorRoutes(options.executors),
    ...monitoringRoutes(options),
    ...aboutRoutes(options),
    ...errorRoutes(),
  ];
  const audited = routes.filter(({ isAudited }) => isAudited === true).map(({ operationId }) => operationId);
  const all = [...routes, ...auditRoutes(options.audit, [...audited, operateRestate])];
  return [...all, ...openApiRoutes(all, options.version)];
}

function monitoringRoutes({ health, metrics }: MonitoringOptions): readonly Route[] {
  return [...healthRoutes(health), ...metricsRoutes(metrics)];
}

function observed(observer: RequestObserver) {
  return async (context: ApiContext, next: () => Promise<void>) => {
    const begun = performance.now();
    await next();
    const operationId = context.get("operationId");
    const apiKey = context.get("apiKey") as Authenticated["Variables"]["apiKey"] | undefined;
    observer.answered({
      ...(operationId === undefined ? {} : { operationId }),
      method: context.req.method,
      path: pathWithoutSecrets(context),
      ...(apiKey === undefined ? {} : { key: apiKey.name }),
      status: context.res.status,
      durationMs: performance.now() - begun,
    });
  };
}

/** Paths of webhooks and callbacks contain tokens, and a path without a route may be a misspelled one of them. */
function pathWithoutSecrets(context: ApiContext): string {
  const { pathname } = new URL(context.req.url);
  const route = context.get("routePath");
  if (route?.includes(":token") === true) return route;
  if (route !== undefined || pathname.length <= maxHarmlessPath) return pathname;
  return `${pathname.slice(0, maxHarmlessPath)}…`;
}

/** In characters: far shorter than any token. */
const maxHarmlessPath = 16;

/** API responses must not be framed, sniffed or cached unless they allow it, or load anything. */
function securityHeaders() {
  const secure = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    // HSTS applies to a whole host name, so it is up to the operator of the proxy that terminates TLS.
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
  });
  return async (context: ApiContext, next: () => Promise<void>) => {
    await secure(context, next);
    for (const [name, value] of Object.entries(context.get("documentHeaders") ?? {}))
      context.header(name, value);
    if (context.res.status >= 400 || !context.res.headers.has("cache-control"))
      context.header("cache-control", "no-store");
  };
}

/** Excluded from traces and from the access log. */
export const probes: ReadonlySet<string | undefined> = new Set(["getHealth", "getReadiness", "getMetrics"]);

function register(app: Api, routes: readonly Route[], guarded: Guarded): void {
  for (const route of routes) {
    app.on(route.method, route.path, async (context) => await answer(route, context, guarded));
  }
}

function pathsOf(routes: readonly Route[]): ReadonlySet<string> {
  return new Set(routes.map(({ path }) => path));
}

/** Routes match in order of registration, so other methods of a path are rejected after its own are registered. */
function rejectOtherMethods(app: Api, routes: readonly Route[], paths: ReadonlySet<string>): void {
  for (const path of paths) {
    app.all(path, (context) => answerOtherMethod(context, allowedMethods(routes, path)));
  }
}

async function answer(route: Route, context: ApiContext, guarded: Guarded): Promise<Response> {
  context.set("operationId", route.operationId);
  context.set("routePath", route.path);
  const answering = async () => await answerGuarded(route, context, guarded);
  // Probes arrive every few seconds, and their traces would hide the others.
  if (guarded.tracing === undefined || probes.has(route.operationId)) return await answering();
  const { workflowId, executionId } = context.req.param() as Readonly<Record<string, string | undefined>>;
  const request = {
    method: context.req.method,
    route: route.path,
    url: context.req.url,
    path: pathWithoutSecrets(context),
    headers: context.req.header(),
    clientAddress: guarded.clientAddress(context),
    workflowId,
    executionId,
  };
  return await guarded.tracing.answering(request, answering);
}

async function answerGuarded(route: Route, context: ApiContext, guarded: Guarded): Promise<Response> {
  const { perAddress, clientAddress, concurrencyLimiter } = guarded;
  if (route.access === "public") {
    const refusal = route.isProbe
      ? undefined
      : await perAddress.take(context, networkOf(clientAddress(context)));
    const handle = async () =>
      await audited(route, context, guarded, async () => await route.handle(context));
    return refusal ?? (await concurrencyLimiter.enter(route, context, handle));
  }
  return await concurrencyLimiter.enter(
    route,
    context,
    async () =>
      await audited(route, context, guarded, async () => {
        await assertPermission(route, context, guarded);
        return await route.handle(context);
      }),
  );
}

function allowedMethods(routes: readonly Route[], path: string): string {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  const all = new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
  return [...all].toSorted().join(", ");
}

function answerOtherMethod(context: ApiContext, allow: string): Response {
  if (context.req.method === "OPTIONS") return context.body(null, 204, { allow });
  const error = new DuraniumError(
    "method-not-allowed",
    `Cannot ${context.req.method} ${context.req.path}: use ${allow}`,
  );
  return problemResponse(error, { instance: instanceOf(context), headers: { allow } });
}

function rejectUnknownRoute(context: ApiContext): Response {
  const error = new DuraniumError(
    "route-not-found",
    `No route for ${context.req.path}. GET /openapi.json lists all routes`,
  );
  return problemResponse(error, { instance: instanceOf(context) });
}

function answerError(thrown: unknown, context: ApiContext, logError: ApiOptions["logError"]): Response {
  const error = toDuraniumError(thrown);
  // A failure of a request that the client aborted is not a server error.
  const isOurs =
    error.status >= 500 && error.code !== "portable-builds-disabled" && !context.req.raw.signal.aborted;
  const instance = isOurs ? `urn:uuid:${randomUUID()}` : instanceOf(context);
  if (isOurs) logError(thrown, instance);
  const challenge = challenges[error.code];
  const { retryAfterSeconds } = error;
  return problemResponse(error, {
    instance,
    headers: {
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
  });
}

/** RFC 6750, section 3.1. */
const challenges: Partial<Record<ErrorCode, string>> = {
  forbidden: 'Bearer realm="duranium", error="insufficient_scope"',
  unauthenticated: challengeOf("unknown"),
};

/** The path as sent, still percent-encoded. */
function instanceOf(context: ApiContext): string {
  return new URL(context.req.url).pathname;
}
