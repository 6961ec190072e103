import { describe, expect, test } from "vitest";
import { testApi } from "../testing/test-api.ts";

const source = { source: "export async function run() {}" };

describe("workflows", () => {
  test("are returned after a deploy, with the current version", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    await ask("POST", "/workflows/order-sync/activate", { json: { version: 1 } });
    expect(await (await ask("GET", "/workflows/order-sync")).json()).toEqual({
      workflowId: "order-sync",
      currentVersion: 1,
      latestVersion: 2,
      createdAt: "2026-01-31T09:30:00.000Z",
    });
  });

  test("are listed page by page", async () => {
    const { ask } = testApi();
    const ids = ["a", "b", "c"];
    for (const id of ids) await ask("POST", `/workflows/${id}/deploy`, { json: source });
    const seen: string[] = [];
    for (let query: string | undefined = "limit=2"; query !== undefined;) {
      const response = await ask("GET", `/workflows?${query}`);
      const page = (await response.json()) as { items: { workflowId: string }[]; cursor?: string };
      seen.push(...page.items.map(({ workflowId }) => workflowId));
      query = page.cursor && `limit=2&cursor=${page.cursor}`;
    }
    expect(seen).toEqual(ids);
  });

  test("are found by parts of their names", async () => {
    const { ask } = testApi();
    for (const id of ["order-sync", "salaries"])
      await ask("POST", `/workflows/${id}/deploy`, { json: source });
    const json = { name: "narrow", workflows: ["salaries"] };
    const { key } = (await (await ask("POST", "/api-keys", { json })).json()) as { key: string };
    const found = async (workflow: string, headers = {}) =>
      (
        (await (await ask("GET", `/workflows?workflow=${workflow}`, { headers })).json()) as {
          items: { workflowId: string }[];
        }
      ).items.map(({ workflowId }) => workflowId);
    expect(await found("order-sync")).toEqual(["order-sync"]);
    expect(await found("order")).toEqual([]);
    const narrow = { authorization: `Bearer ${key}` };
    expect(await found("salaries", narrow)).toEqual(["salaries"]);
    expect(await found("order-sync", narrow)).toEqual([]);
    expect((await ask("GET", "/workflows?workflow=No_Id")).status).toBe(400);
  });

  test("include their latest executions on request, if the key may read them", async () => {
    const { ask } = testApi();
    for (const id of ["order-sync", "idle"]) await ask("POST", `/workflows/${id}/deploy`, { json: source });
    const begun = await ask("POST", "/workflows/order-sync/execute", { json: null });
    const { executionId } = (await begun.json()) as { executionId: string };
    const told = await ask("GET", "/workflows?recent=20");
    expect(await told.json()).toMatchObject({
      items: [
        {
          workflowId: "order-sync",
          recent: [{ executionId, status: "running", createdAt: "2026-01-31T09:30:00.000Z" }],
        },
        { workflowId: "idle", recent: [] },
      ],
    });
    const json = { name: "reader", scopes: ["workflows:read"] };
    const { key } = (await (await ask("POST", "/api-keys", { json })).json()) as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    expect((await ask("GET", "/workflows?recent=20", { headers })).status).toBe(403);
    for (const wrong of ["0", "51", "100", "1e1", "-1", ""])
      expect((await ask("GET", `/workflows?recent=${wrong}`)).status).toBe(400);
  });

  test("are shown as paused, with the key and the note, until they are resumed", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    const paused = { at: "2026-01-31T09:30:00.000Z", by: "root", note: "maintenance", running: false };
    const response = await ask("POST", "/workflows/order-sync/pause", { json: { note: "maintenance" } });
    expect([response.status, await response.json()]).toMatchObject([200, { paused }]);
    expect(await (await ask("GET", "/workflows")).json()).toMatchObject({ items: [{ paused }] });
    const resumed = await ask("POST", "/workflows/order-sync/resume");
    expect([resumed.status, await resumed.json()]).toEqual([
      200,
      expect.not.objectContaining({ paused: expect.anything() }),
    ]);
    expect((await ask("POST", "/workflows/unknown/pause", { json: {} })).status).toBe(404);
    expect((await ask("POST", "/workflows/order-sync/pause", { json: { note: 1 } })).status).toBe(400);
  });

  test("are not found after deletion", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    const response = await ask("DELETE", "/workflows/order-sync");
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect((await ask("GET", "/workflows/order-sync")).status).toBe(404);
  });
});
