import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";

/** Restate's UI and admin API behind the API, for keys that manage executions. */
let instance: Instance;
let executionId: string;

beforeAll(async () => {
  instance = await sharedInstance();
  await deploy(instance, "waits-on-page", "export const run = (ctx) => ctx.waitForEvent('go');");
  await deploy(instance, "other", "export const run = () => 1;");
  executionId = await startExecution(instance, "waits-on-page");
  await until(instance, executionId, ({ waitingFor }) => waitingFor.length > 0);
});
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
});

async function keyWith(permissions: { readonly scopes: string[]; readonly workflows?: string[] }) {
  const body = { name: randomUUID(), ...permissions };
  const created = await instance.request("POST", "/api-keys", { body });
  return { authorization: `Bearer ${created.body.key}` };
}

/** As the browser sends a request of the page: with the cookie of a session, and where it comes from. */
async function cookieOf(key: string): Promise<string> {
  const response = await fetch(`${instance.url}/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${instance.url}${path}`, {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "manual",
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const query = { query: "SELECT id, target_handler_name AS handler FROM sys_invocation" };
const requests = [
  ["GET", "/ui/"],
  ["GET", "/ui/assets/anything.js"],
  ["GET", "/restate/services"],
  ["POST", "/restate/query"],
  ["PATCH", "/restate/invocations/inv_1/kill"],
] as const;

describe("the Restate UI", () => {
  test("is served to a session that may manage executions, and connects to Restate only", async () => {
    const cookie = await cookieOf(instance.rootKey);
    const page = await ask("GET", `/ui/invocations/${executionId}`, { cookie });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("<title>Restate</title>") });
    const policy = page.headers.get("content-security-policy") ?? "";
    const { host } = new URL(instance.url);
    expect(policy).toMatch(/^default-src 'none'; script-src /);
    expect(policy).toContain(`connect-src ${host}/restate/ `);
    expect(policy).not.toMatch(/'self'|unsafe-eval|script-src[^;]*unsafe-inline/);
    // Said by browsers where other windows can be kept apart.
    expect(policy).not.toContain("allow-popups");
    const secure = await ask("GET", "/ui/", { cookie, "sec-fetch-site": "same-origin" });
    expect(secure.headers.get("content-security-policy")).toContain("allow-popups");
    expect(secure.headers.get("cross-origin-opener-policy")).toBe("same-origin-allow-popups");
    const others = await ask("GET", "/workflows", { cookie });
    expect(others.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(others.headers.get("content-security-policy")).toContain("default-src 'none'");
    const [script] = /\/ui\/assets\/[\w.-]+\.js/.exec(String(page.body)) ?? [];
    const file = await ask("GET", script ?? "", { cookie });
    expect(file.headers.get("content-type")).toContain("javascript");
    expect(file.headers.get("cache-control")).toMatch(/^private/);
    expect(file.headers.has("service-worker-allowed")).toBe(false);
    expect(await ask("GET", "/ui", { cookie })).toMatchObject({ status: 302 });
    expect(await ask("GET", "/ui/assets/none.js", { cookie })).toMatchObject({
      status: 404,
      body: { code: "route-not-found" },
    });
  });

  test("sends requests to Restate with the session, from the same origin only", async () => {
    const cookie = await cookieOf(instance.rootKey);
    const own = { cookie, "sec-fetch-site": "same-origin" };
    expect((await ask("POST", "/restate/query", own, query)).body.rows).toContainEqual({
      id: executionId,
      handler: "execute",
    });
    const { services } = (await ask("GET", "/restate/services", own)).body;
    expect((services as { name: string }[]).map(({ name }) => name).toSorted()).toEqual([
      "Execution",
      "Queue",
      "RecordedRequests",
      "ReplayCheck",
      "Schedule",
      "Workflow",
      "WorkflowState",
    ]);
    for (const site of [{ "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, {}] as const)
      expect(await ask("POST", "/restate/query", { cookie, ...site }, query)).toMatchObject({
        status: 403,
        body: { code: "cross-site" },
      });
  });

  test.each(requests)("is rejected without a key: %s %s", async (method, path) => {
    expect(await ask(method, path)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  });

  test("is rejected for keys that may only read, and for keys of some workflows", async () => {
    const reader = await keyWith({ scopes: ["executions:read", "workflows:read"] });
    const bound = await keyWith({
      scopes: ["executions:manage", "executions:read"],
      workflows: ["waits-on-page"],
    });
    for (const [method, path] of requests) {
      expect(await ask(method, path, reader)).toMatchObject({
        status: 403,
        body: { code: "forbidden", detail: expect.stringContaining("executions:manage") },
      });
      expect(await ask(method, path, bound)).toMatchObject({
        status: 403,
        body: { code: "forbidden", detail: expect.stringContaining("some workflows only") },
      });
    }
  });

  test.each([
    ["POST", "/restate/deployments", 403],
    ["POST", "/restate/services/Workflow/state", 403],
    ["PATCH", "/restate/services/Workflow", 403],
    ["POST", "/restate/kafka-clusters", 403],
    ["POST", "/restate/limits/rules/bulk-delete", 403],
    ["PATCH", "/restate/invocations/../services/Workflow", 403],
    ["PATCH", "/restate/invocations/%2e%2e/kill", 403],
    ["POST", "/restate//query", 403],
    ["DELETE", "/restate/deployments/dp_1", 405],
    ["PUT", "/restate/limits/rules", 405],
    ["POST", "/ui/", 405],
  ])("can only change invocations: %s %s is rejected", async (method, path, status) => {
    const root = { authorization: `Bearer ${instance.rootKey}` };
    expect(await ask(method, path, root, {})).toMatchObject({ status, body: { status } });
  });

  test("manages executions with an audit log entry, and other invocations for a key that may deploy", async () => {
    const operator = await keyWith({ scopes: ["executions:manage"] });
    const { rows } = (await ask("POST", "/restate/query", operator, query)).body;
    const deployId = rows.find((row: { handler: string }) => row.handler === "deploy").id as string;
    const restart = `/restate/invocations/${deployId}/restart-as-new`;
    expect(await ask("PATCH", restart, operator)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("workflows:deploy") },
    });
    const batch = "/restate/internal/invocations_batch_operations/kill";
    const ids = { invocation_ids: [await startExecution(instance, "waits-on-page"), deployId] };
    expect(await ask("POST", batch, operator, ids)).toMatchObject({ status: 403 });
    expect(await ask("POST", batch, { authorization: `Bearer ${instance.rootKey}` }, ids)).toMatchObject({
      status: 200,
    });
    expect(await ask("PATCH", `/restate/invocations/${executionId}/kill`, operator)).toMatchObject({
      status: 200,
    });
    expect(await untilEnded(instance, executionId)).toMatchObject({ status: "cancelled" });
    const { items } = (await instance.request("GET", "/audit-log?limit=10")).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        action: "operateRestate",
        subject: `/restate/invocations/${executionId}/kill`,
        status: 200,
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({ subject: `${batch}: ${ids.invocation_ids.join(", ")}`, status: 200 }),
    );
    expect(items).toContainEqual(expect.objectContaining({ subject: restart, status: 403 }));
  });

  test("rejects a request above the limit", async () => {
    const root = { authorization: `Bearer ${instance.rootKey}` };
    expect(await ask("POST", "/restate/query", root, { query: "x".repeat(2 ** 20) })).toMatchObject({
      status: 413,
      body: { code: "body-too-large" },
    });
  });
});
