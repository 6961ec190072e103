import { describe, expect, it } from "vitest";
import { testApi } from "../testing/test-api.ts";

const source = { source: "export async function run() {}" };

describe("workflows", () => {
  it("can be seen once they are deployed, with the version that is current", async () => {
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

  it("are listed in pages that follow each other by their cursors", async () => {
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

  it("are gone once they are deleted", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    const response = await ask("DELETE", "/workflows/order-sync");
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect((await ask("GET", "/workflows/order-sync")).status).toBe(404);
  });
});
