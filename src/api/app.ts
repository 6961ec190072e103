import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { DuraniumError, toDuraniumError } from "../domain/errors.ts";
import { type Authenticated, authentication } from "./auth.ts";
import { problemResponse } from "./problem.ts";
import type { ApiContext, Route } from "./route.ts";
import { aboutRoutes } from "./routes/about.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { callbackRoutes } from "./routes/callbacks.ts";
import { executionRoutes } from "./routes/executions.ts";
import { healthRoutes } from "./routes/health.ts";
import { logRoutes } from "./routes/logs.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { versionRoutes } from "./routes/versions.ts";
import { workflowRoutes } from "./routes/workflows.ts";
import type {
  ApiKeyService,
  ExecutionService,
  HealthService,
  LogService,
  WorkflowService,
} from "./services.ts";
import { refuseMalformedPath } from "./validation.ts";

export interface ApiOptions {
  readonly workflows: WorkflowService;
  readonly executions: ExecutionService;
  readonly logs: LogService;
  readonly apiKeys: ApiKeyService;
  readonly health: HealthService;
  /** Of Duranium. */
  readonly version: string;
  readonly restateUiUrl?: string;
  /** Aborts when the API is about to close, so that nobody waits for an execution, or follows one, any longer. */
  readonly closing?: AbortSignal;
  /** Takes what failed on our side. `instance` is what the caller was told to look for in the log. */
  readonly logError: (error: unknown, instance: string) => void;
}

export type Api = Hono<Authenticated>;

/** The HTTP API over the services: every answer is what a route promises, or a problem document. */
export function createApp(options: ApiOptions): Api {
  const routes = apiRoutes(options);
  const app: Api = new Hono();
  app.use(securityHeaders());
  app.use(async (context, next) => {
    refuseMalformedPath(context.req.url);
    return next();
  });
  register(app, routes, "public");
  app.use(authentication(options.apiKeys));
  register(app, routes, "key");
  app.notFound(refuseUnknownRoute);
  app.onError((error, context) => answerError(error, context, options.logError));
  return app;
}

/** Every route of the API, in the order of the document. */
export function apiRoutes(options: ApiOptions): readonly Route[] {
  const routes = [
    ...workflowRoutes(options.workflows),
    ...versionRoutes(options.workflows),
    ...executionRoutes(options.executions, options.closing ?? new AbortController().signal),
    ...logRoutes(options.logs, options.closing ?? new AbortController().signal),
    ...callbackRoutes(options.executions),
    ...apiKeyRoutes(options.apiKeys),
    ...healthRoutes(options.health),
    ...aboutRoutes(options),
  ];
  return [...routes, ...openApiRoutes(routes, options.version)];
}

/** Nothing here is a page: it may not be framed, sniffed, kept, or load anything. */
function securityHeaders() {
  const secure = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    // Whoever puts TLS before us promises it for a whole host name, which is not ours to do.
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
  });
  return async (context: ApiContext, next: () => Promise<void>) => {
    await secure(context, next);
    context.header("cache-control", "no-store");
  };
}

/** What comes first answers first: each path's other methods are refused after its own are registered. */
function register(app: Api, routes: readonly Route[], access: Route["access"]): void {
  const chosen = routes.filter((route) => route.access === access);
  for (const route of chosen) {
    app.on(route.method, route.path, (context) => route.handle(context));
  }
  for (const path of new Set(chosen.map((route) => route.path))) {
    app.all(path, (context) => answerOtherMethod(context, allowedMethods(chosen, path)));
  }
}

function allowedMethods(routes: readonly Route[], path: string): string {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].toSorted().join(", ");
}

function answerOtherMethod(context: ApiContext, allow: string): Response {
  if (context.req.method === "OPTIONS") return context.body(null, 204, { allow });
  const error = new DuraniumError(
    "method-not-allowed",
    `Cannot ${context.req.method} ${context.req.path}: it takes ${allow}`,
  );
  return problemResponse(error, { instance: instanceOf(context), headers: { allow } });
}

function refuseUnknownRoute(context: ApiContext): Response {
  const error = new DuraniumError(
    "route-not-found",
    `There is nothing at ${context.req.path}: /openapi.json lists what there is`,
  );
  return problemResponse(error, { instance: instanceOf(context) });
}

function answerError(thrown: unknown, context: ApiContext, logError: ApiOptions["logError"]): Response {
  const error = toDuraniumError(thrown);
  // Nobody reads the answer to a request that was given up, and its failing is nobody's fault.
  const isOurs =
    error.status >= 500 && error.code !== "portable-unavailable" && !context.req.raw.signal.aborted;
  const instance = isOurs ? `urn:uuid:${randomUUID()}` : instanceOf(context);
  if (isOurs) logError(thrown, instance);
  return problemResponse(error, { instance });
}

/** The path as it was sent, so still percent-encoded. */
function instanceOf(context: ApiContext): string {
  return new URL(context.req.url).pathname;
}
