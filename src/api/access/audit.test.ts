import { describe, expect, test } from "vitest";
import { maxAuditSubjectLength } from "../contract/limits.ts";
import { testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";

const source = "export function run() {}";

describe("the audit log", () => {
  test("every route that changes data writes an entry, except saving drafts, sending events and previews", () => {
    const { routes } = testApi();
    const unwritten = routes.filter(
      ({ method, access, isAudited }) => method !== "get" && access !== "public" && isAudited !== true,
    );
    expect(unwritten.map(({ operationId }) => operationId)).toEqual([
      "saveDraft",
      "executeWorkflow",
      "sendEvent",
      "previewSchedule",
    ]);
    expect(routes.filter(({ method, isAudited }) => method === "get" && isAudited === true)).toEqual([]);
  });

  test("entries have the key, operation, time and IP address, newest first", async () => {
    const api = testApi();
    await api.ask("POST", "/workflows/order-sync/deploy", { json: { source } });
    await api.ask("POST", "/api-keys", { json: { name: "ci" } });
    const root = { actorId: "key-1", actor: "root", address: "203.0.113.7", at: "2026-01-31T09:30:00.000Z" };
    expect(await logOf(api)).toEqual([
      { ...root, id: 2, action: "createApiKey", subject: "/api-keys/key-2", status: 201 },
      {
        ...root,
        id: 1,
        action: "deployWorkflow",
        subject: "/workflows/order-sync/versions/1",
        workflowId: "order-sync",
        status: 201,
      },
    ]);
  });

  test("a deploy without a required replay check has its reason", async () => {
    const api = testApi();
    const deploy = "/workflows/order-sync/deploy?skip-replay-check=";
    expect((await api.ask("POST", `${deploy}%20`, { json: { source } })).status).toBe(400);
    await api.ask("POST", `${deploy}hotfix%20for%204711`, { json: { source } });
    expect(await logOf(api)).toMatchObject([
      { subject: "/workflows/order-sync/versions/1 (without a replay check: hotfix for 4711)" },
    ]);
  });

  test("the list is filtered by key, operation, workflow and time, and a workflow includes its executions", async () => {
    const api = testApi();
    for (const workflow of ["order-sync", "other"])
      await api.ask("POST", `/workflows/${workflow}/deploy`, { json: { source } });
    const begun = await api.ask("POST", "/workflows/order-sync/execute");
    const { executionId } = (await begun.json()) as { executionId: string };
    await api.ask("POST", `/executions/${executionId}/cancel`);
    expect(await actionsOf(api, "workflow=order-sync")).toEqual(["cancelExecution", "deployWorkflow"]);
    expect(await actionsOf(api, "action=deployWorkflow")).toHaveLength(2);
    expect(await actionsOf(api, "action=deployWorkflow&workflow=other&actor=root")).toHaveLength(1);
    expect(await actionsOf(api, "actor=missing")).toEqual([]);
    const at = "2026-01-31T09:30:00Z";
    expect(await actionsOf(api, `after=${at}`)).toHaveLength(3);
    expect(await actionsOf(api, `before=${at}`)).toEqual([]);
    const first = await api.ask("GET", "/audit-log?workflow=order-sync&limit=1");
    expect(first.headers.get("link")).toContain("workflow=order-sync");
    expect((await api.ask("GET", "/audit-log?action=flyAway")).status).toBe(400);
  });

  test("an activation has the version", async () => {
    const api = testApi();
    await api.ask("POST", "/workflows/order-sync/deploy", { json: { source } });
    await api.ask("POST", "/workflows/order-sync/activate", { json: { version: 1 } });
    const [activated] = await logOf(api);
    expect(activated).toMatchObject({
      action: "activateVersion",
      subject: "/workflows/order-sync/versions/1",
    });
  });

  test("requests without permission are recorded, and invalid requests are not", async () => {
    const api = testApi();
    const json = { name: "reader", scopes: ["workflows:read"] };
    const { key } = (await (await api.ask("POST", "/api-keys", { json })).json()) as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    await api.ask("POST", "/workflows/order-sync/deploy", { headers, json: { source } });
    await api.ask("POST", "/workflows/order-sync/deploy", { json: { source: 7 } });
    await api.ask("DELETE", "/workflows/missings");
    const [refused, created] = await logOf(api);
    expect(refused).toMatchObject({
      actor: "reader",
      action: "deployWorkflow",
      subject: "/workflows/order-sync/deploy",
      status: 403,
    });
    expect(created).toMatchObject({ actor: "root", action: "createApiKey" });
  });

  test("a long rejected path is truncated", async () => {
    const api = testApi();
    const json = { name: "reader", scopes: ["workflows:read"] };
    const { key } = (await (await api.ask("POST", "/api-keys", { json })).json()) as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    await api.app.request(`/api-keys/${"x".repeat(10_000)}`, { method: "DELETE", headers });
    const [refused] = await logOf(api);
    expect((refused as { subject: string }).subject).toHaveLength(maxAuditSubjectLength);
  });
});

async function actionsOf({ ask }: TestApi, query: string): Promise<string[]> {
  const { items } = (await (await ask("GET", `/audit-log?${query}`)).json()) as {
    items: { action: string }[];
  };
  return items.map(({ action }) => action);
}

async function logOf({ ask }: TestApi): Promise<unknown[]> {
  return ((await (await ask("GET", "/audit-log")).json()) as { items: unknown[] }).items;
}
