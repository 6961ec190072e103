import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from "zod-openapi";
import { type ErrorCode, errorCatalogue } from "../../domain/errors.ts";
import { sessionCookieName } from "../access/session-cookie.ts";
import type { Answer } from "../http/answer.ts";
import type { BodyContent } from "../http/body.ts";
import { problem } from "../http/problem-schema.ts";
import { problemMediaType, problemType } from "../http/problem.ts";
import type { Route } from "../http/route.ts";

/** The OpenAPI 3.1 document of routes, generated from the schemas that validate requests. */
export function openApiDocument(routes: readonly Route[], version: string) {
  return createDocument({
    openapi: "3.1.1",
    info: { title: "Duranium", version, description: introduction, license },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({
      name,
      ...(tagDescriptions[name] === undefined ? {} : { description: tagDescriptions[name] }),
    })),
    paths: pathsOf(routes),
    components: {
      headers: rateLimitHeaders,
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key of this installation" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: sessionCookieName,
          description: "Set by `POST /session` for the web UI of this server",
        },
      },
    },
  });
}

/** The errors of a route: those of every route, its own, and those of reading a body. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const common: ErrorCode[] = ["invalid-request", "rate-limited", "internal"];
  if (route.bypassesOverload !== true) common.push("overloaded");
  if (route.access !== "public") common.push("unauthenticated", "forbidden");
  if (route.access !== "public" && route.method !== "get") common.push("cross-site");
  const ofBody: ErrorCode[] =
    route.body === undefined ? [] : ["invalid-json", "body-too-large", "unsupported-media-type"];
  return [...new Set([...common, ...route.errors, ...ofBody])];
}

/** A path in OpenAPI's syntax: `/workflows/{workflowId}` for Hono's `/workflows/:workflowId`. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

const introduction =
  "Durable, sandboxed workflows in plain TypeScript, on Restate. Errors are problem documents (RFC 9457); " +
  "lists have an opaque `cursor`, and the next page in `Link`.";

const tagDescriptions: Readonly<Record<string, string>> = {
  Schedules: "Execute workflows at certain times: cron patterns in a time zone, intervals, instants",
  Workflows: "Deployed workflows and their current versions",
  Versions: "Immutable deploys of a workflow, and which of them is current",
  "Replay checks": "Executions that are replayed on another version, without side effects",
  Drafts: "Source that is not deployed yet: one draft per workflow",
  Packages: "npm packages of sources: from the operator's folder or registry, or uploaded",
  Executions: "Durable runs of a workflow: start, list, watch, send events, cancel, pause and retry",
  Failures: "Executions that failed, by cause",
  Alerts: "Rules that tell people and workflows when a workflow breaks, and the alerts that were sent",
  Overview: "Figures of the installation",
  Settings: "Limits, egress and retention of a workflow",
  Queues: "Flow control: what runs, what waits, and overrides of limits",
  Secrets: "Values that a workflow sends to named hosts and never sees",
  Webhooks: "Secret URLs that execute a workflow, for systems that send webhooks",
  Callbacks: "URLs that an execution created and waits for",
  "API keys": "API keys and their permissions",
  Session: "Sessions of the web UI",
  Audit: "The log of all changes",
  Engines: "The engines that run workflows, one or more of each language",
  Health: "Liveness, readiness and metrics of the process",
  About: "This document, and the installation itself",
};

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
const rateLimitHeaders = {
  RateLimit: {
    description: "Requests left (`r`) until the window ends in `t` seconds",
    schema: { type: "string" as const },
    example: '"key";r=998;t=10',
  },
  "RateLimit-Policy": {
    description: "Maximum number of requests (`q`) in `w` seconds",
    schema: { type: "string" as const },
    example: '"key";q=1000;w=10',
  },
};

const rateLimitReferences = Object.fromEntries(
  Object.keys(rateLimitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` as const }]),
);

const license = { name: "Apache-2.0", identifier: "Apache-2.0" };

function pathsOf(routes: readonly Route[]): Record<string, Record<string, ZodOpenApiOperationObject>> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    (paths[openApiPath(route.path)] ??= {})[route.method] = operationOf(route);
  }
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: securityOf(route),
    requestParams: { path: route.params, query: route.query, header: route.headers },
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: route.body.required, content: contentOf(route.body.content) } }),
    responses: { ...successesOf(route.answers), ...failuresOf(errorsOf(route)) },
  };
}

function securityOf({ access }: Route): ZodOpenApiOperationObject["security"] & {} {
  if (access === "public") return [];
  const scopes = access === "any-key" ? [] : [access];
  return [{ apiKey: scopes }, { session: scopes }];
}

function contentOf(content: Readonly<Record<string, BodyContent>>) {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, { schema, examples }]) => [
      mediaType,
      { schema, ...(examples === undefined ? {} : { examples: { ...examples } }) },
    ]),
  );
}

function successesOf(answers: readonly Answer[]): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(answers.map((answer) => [String(answer.status), successOf(answer)]));
}

function successOf(answer: Answer): ZodOpenApiResponseObject {
  const mediaType = answer.mediaType ?? "application/json";
  const hasBody = answer.schema !== undefined || answer.mediaType !== undefined;
  const schema = answer.schema ?? {};
  const others = Object.fromEntries((answer.otherMediaTypes ?? []).map((other) => [other, { schema: {} }]));
  return {
    description: answer.description,
    headers: { ...rateLimitReferences, ...headersOf(answer.headers ?? {}) },
    ...(hasBody ? { content: { [mediaType]: { schema }, ...others } } : {}),
  };
}

function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: "string" as const } },
    ]),
  );
}

/** One response per status, with an example of each of its errors. */
function failuresOf(codes: readonly ErrorCode[]): Record<string, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(codes, (code) => errorCatalogue[code].status);
  return Object.fromEntries([...byStatus].map(([status, some]) => [String(status), failureOf(some)]));
}

function failureOf(codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  return {
    description: codes.map((code) => `${errorCatalogue[code].title} (\`${code}\`)`).join("; "),
    headers: {
      ...rateLimitReferences,
      ...headersOf({
        ...(codes.includes("unauthenticated") ? { "www-authenticate": "`Bearer`" } : {}),
        ...(codes.some((code) => code === "rate-limited" || code === "overloaded")
          ? { "retry-after": "Seconds to wait before retrying" }
          : {}),
      }),
    },
    content: {
      [problemMediaType]: {
        schema: problem,
        examples: Object.fromEntries(codes.map((code) => [code, exampleOf(code)])),
      },
    },
  };
}

function exampleOf(code: ErrorCode) {
  const { title, status } = errorCatalogue[code];
  return { summary: title, value: { type: problemType(code), title, status, detail: title, code } };
}
