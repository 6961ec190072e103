import { describe, expect, test } from "vitest";
import { scopes } from "../../domain/permissions.ts";
import type { Scope } from "../../domain/permissions.ts";
import type { Route } from "../http/route.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";

/**
 * The table of all routes and scopes is generated from the routes: a new route gets its rows automatically, and a route
 * without a scope fails.
 */
const { routes } = testApi();
const closed = routes.filter(({ access }) => access !== "public");
const isOpenTo = ({ access }: Route, scope: Scope) => access === "any-key" || access === scope;
const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

/** Routes that need another scope for some of what they return. */
const furtherScopes: ReadonlyMap<string, Scope> = new Map([
  ["GET /executions/:executionId/recording", "executions:manage"],
  ["POST /workflows/:workflowId/replay-checks/:checkId/cancel", "executions:read"],
]);

function scopesFor(scope: Scope, may: string, route: Route): readonly Scope[] {
  const further = may === "may" ? furtherScopes.get(nameOf(route)) : undefined;
  return further === undefined ? [scope] : [scope, further];
}

describe("a key with one scope", () => {
  const rows = closed.flatMap((route) =>
    scopes.map((scope) => [scope, isOpenTo(route, scope) ? "may" : "may not", nameOf(route), route] as const),
  );

  /** For requests that are refused, and so change nothing. */
  const refusing = testApi({ rateLimits: { perKey: 1e6, perAddress: 1e6 } });

  test.each(rows)("%s %s %s", async (scope, may, _name, route) => {
    const api = may === "may" ? testApi() : refusing;
    const { executionId } = await startExecution(api, "order-sync");
    const response = await api.app.request(addressOf(route, { executionId }), {
      method: route.method.toUpperCase(),
      headers: { authorization: `Bearer ${await keyOf(api, { scopes: scopesFor(scope, may, route) })}` },
    });
    expect(response.status === 401).toBe(false);
    expect(response.status === 403).toBe(may === "may not");
    if (may === "may") return;
    expect(response.headers.get("www-authenticate")).toContain("insufficient_scope");
    expect(await readProblem(response)).toMatchObject({
      code: "forbidden",
      detail: `API key lacks the scope ${route.access}`,
    });
  });
});

describe("a key for one workflow", () => {
  const ofOneWorkflow = closed.filter(({ path }) => /:workflowId|:executionId/.test(path));
  const filtered = closed.filter(({ filtersByWorkflow }) => filtersByWorkflow === true);
  const ofTheInstallation = closed.filter(
    (route) => !ofOneWorkflow.includes(route) && !filtered.includes(route) && route.access !== "any-key",
  );

  test.each(ofOneWorkflow.map((route) => [nameOf(route), route] as const))(
    "may use %s for its own workflow only",
    async (_name, route) => {
      const api = testApi();
      const headers = { authorization: `Bearer ${await keyOf(api, { workflows: ["order-sync"] })}` };
      const method = route.method.toUpperCase();
      const own = await startExecution(api, "order-sync");
      const other = await startExecution(api, "salaries");
      expect((await api.app.request(addressOf(route, other), { method, headers })).status).toBe(403);
      expect((await api.app.request(addressOf(route, own), { method, headers })).status).not.toBe(403);
    },
  );

  test.each(ofTheInstallation.map((route) => [nameOf(route), route] as const))(
    "may not use %s",
    async (_name, route) => {
      const api = testApi();
      const headers = { authorization: `Bearer ${await keyOf(api, { workflows: ["order-sync"] })}` };
      const response = await api.app.request(addressOf(route, {}), {
        method: route.method.toUpperCase(),
        headers,
      });
      expect(await readProblem(response)).toMatchObject({ code: "forbidden" });
    },
  );

  test("an execution of another workflow is reported as missing", async () => {
    const api = testApi();
    await api.ask("POST", "/workflows/salaries/deploy", { json: { source: "export function run() {}" } });
    const { executionId } = await startExecution(api, "salaries");
    const headers = { authorization: `Bearer ${await keyOf(api, { workflows: ["order-sync"] })}` };
    const refused = await readProblem(await api.ask("GET", `/executions/${executionId}`, { headers }));
    expect(refused).toMatchObject({ code: "forbidden" });
    expect(JSON.stringify(refused)).not.toContain("salaries");
  });

  test("lists contain only its workflow, and a bulk retry only its executions", async () => {
    const api = testApi();
    for (const workflow of ["order-sync", "salaries"]) {
      await api.ask("POST", `/workflows/${workflow}/deploy`, {
        json: { source: "export function run() {}" },
      });
      const { executionId } = await startExecution(api, workflow);
      api.services.executions.end(executionId, { status: "failed" });
    }
    const headers = { authorization: `Bearer ${await keyOf(api, { workflows: ["order-sync"] })}` };
    const workflowIdsAt = async (method: string, path: string, key: string) => {
      const { items } = (await (await api.ask(method, path, { headers })).json()) as {
        items: Record<string, string>[];
      };
      return items.map((item) => item[key]);
    };
    expect(await workflowIdsAt("GET", "/workflows", "workflowId")).toEqual(["order-sync"]);
    expect(await workflowIdsAt("GET", "/executions", "workflowId")).toEqual(["order-sync"]);
    expect(await workflowIdsAt("GET", "/executions?workflow=salaries", "workflowId")).toEqual([]);
    expect(await workflowIdsAt("POST", "/executions/retry", "executionId")).toHaveLength(1);
  });
});

describe("a key that manages keys", () => {
  test.each([
    ["a scope that it lacks", { scopes: ["workflows:deploy"] }],
    [
      "a life that is longer than its own",
      { scopes: ["keys:manage"], expiresAt: "2999-01-02T00:00:00.000Z" },
    ],
    ["no end of its life", { scopes: ["keys:manage"] }],
  ])("cannot grant %s", async (_what, json) => {
    const api = testApi();
    const key = await keyOf(api, { scopes: ["keys:manage"], expiresAt: "2999-01-01T00:00:00.000Z" });
    const headers = { authorization: `Bearer ${key}` };
    const response = await api.ask("POST", "/api-keys", { headers, json: { name: "more", ...json } });
    expect(await readProblem(response)).toMatchObject({ code: "forbidden" });
  });

  test("cannot create a key that has already expired", async () => {
    const { ask } = testApi();
    const json = { name: "late", expiresAt: "2020-01-01T00:00:00.000Z" };
    const problem = await readProblem(await ask("POST", "/api-keys", { json }));
    expect(problem).toMatchObject({ code: "invalid-request", detail: expect.stringContaining("expiresAt") });
  });
});

interface Asked {
  readonly scopes?: readonly string[];
  readonly workflows?: readonly string[];
  readonly expiresAt?: string;
}

/** A new key, with every scope unless the test asks for fewer. */
async function keyOf({ ask }: TestApi, asked: Asked): Promise<string> {
  const json = { name: "test", scopes: scopes satisfies readonly Scope[], ...asked };
  const created = await ask("POST", "/api-keys", { json });
  expect(created.status).toBe(201);
  return ((await created.json()) as { key: string }).key;
}

interface Started {
  readonly workflowId: string;
  readonly executionId: string;
}

async function startExecution({ ask }: TestApi, workflowId: string): Promise<Started> {
  const begun = await ask("POST", `/workflows/${workflowId}/execute`, { json: null });
  const { executionId } = (await begun.json()) as { executionId: string };
  return { workflowId, executionId };
}

function addressOf(
  { path }: Route,
  { workflowId = "order-sync", executionId = "" }: Partial<Started>,
): string {
  return path
    .replace(":workflowId", workflowId)
    .replace(":executionId", executionId)
    .replace(":version", "1")
    .replaceAll(/:\w+/g, "something");
}
