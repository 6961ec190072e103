import { expect } from "vitest";
import { type Api, type ApiOptions, apiRoutes, createApp } from "../app.ts";
import { type ProblemBody, problem } from "../http/problem-schema.ts";
import type { Route } from "../http/route.ts";
import { errorsOf } from "../installation/openapi.ts";
import { type InMemoryServices, inMemoryServices, testKey } from "./in-memory-services.ts";

export interface TestApi {
  readonly app: Api;
  readonly routes: readonly Route[];
  readonly services: InMemoryServices;
  /** The logged server errors. */
  readonly logged: { readonly error: unknown; readonly instance: string }[];
  readonly closing: AbortController;
  /**
   * Sends a request to the application with a valid key, and checks the response against its route: the status, the
   * body and the errors are those of the OpenAPI document.
   */
  readonly ask: (method: string, path: string, request?: AskOptions) => Promise<Response>;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** @param given options that replace the defaults of all tests */
export function testApi(given: Partial<ApiOptions> = {}): TestApi {
  const services = inMemoryServices();
  const logged: { error: unknown; instance: string }[] = [];
  const closing = new AbortController();
  const options = {
    ...services,
    version: "0.1.0",
    closing: closing.signal,
    rateLimits: { perKey: 1_000, perAddress: 1_000 },
    overload: { load: { overloadReason: () => undefined }, maxRequests: 1_000 },
    clientAddress: () => "203.0.113.7",
    ...given,
    logError: (error: unknown, instance: string) => void logged.push({ error, instance }),
  };
  const app = createApp(options);
  const routes = apiRoutes(options);
  const ask: TestApi["ask"] = async (method, path, request = {}) => {
    const response = await app.request(path, toRequestInit(method, request));
    await expectPromised(routes, { method, path }, response.clone());
    return response;
  };
  return { app, routes, services, logged, closing, ask };
}

/** The problem document of a response, validated. */
export async function readProblem(response: Response): Promise<ProblemBody> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = (await response.json()) as ProblemBody;
  expect(problem.safeParse(body).error).toBeUndefined();
  expect(body.status).toBe(response.status);
  expect(body.type).toBe(`/errors/${body.code}`);
  return body;
}

/** The route that matches a method and path. */
function findRoute(routes: readonly Route[], method: string, path: string): Route | undefined {
  const { pathname } = new URL(path, "http://localhost");
  return routes.find(
    (route) => route.method === method.toLowerCase() && patternOf(route.path).test(pathname),
  );
}

function toRequestInit(method: string, request: AskOptions): RequestInit {
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  return {
    method,
    headers: {
      authorization: `Bearer ${testKey}`,
      ...(request.json === undefined ? {} : { "content-type": "application/json" }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
}

async function expectPromised(
  routes: readonly Route[],
  request: { readonly method: string; readonly path: string },
  response: Response,
): Promise<void> {
  const route = findRoute(routes, request.method, request.path);
  if (response.status >= 400) {
    const { code } = await readProblem(response);
    if (route !== undefined) expect(errorsOf(route)).toContain(code);
  } else if (route !== undefined) await expectAnswer(route, response);
}

async function expectAnswer(route: Route, response: Response): Promise<void> {
  const answer = route.answers.find(({ status }) => status === response.status);
  expect(answer, `${route.operationId} answers ${response.status}`).toBeDefined();
  if (answer?.schema === undefined) return;
  expect(response.headers.get("content-type")).toBe(answer.mediaType ?? "application/json");
  // The response is validated by the schema of its route, but IDs in it are not parsed again.
  expect(answer.schema.safeParse(await response.json()).error).toBeUndefined();
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`);
}
