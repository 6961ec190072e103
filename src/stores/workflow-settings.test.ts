import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { createWorkflowSettingsStore } from "./workflow-settings.ts";

const orders = "order-sync" as WorkflowId;

describeOnEachDatabase("the store of workflow settings", (open) => {
  test("settings are empty by default, replaced as a whole, and deleted with their workflow", async () => {
    await using database = await open();
    const store = createWorkflowSettingsStore(database);
    expect(await store.get(orders)).toEqual({});
    await store.set(orders, { egress: { allow: ["a.example"], methods: ["GET"] } }, 1_000);
    await store.set(orders, { egress: { allow: ["b.example"] } }, 2_000);
    expect(await store.get(orders)).toEqual({ egress: { allow: ["b.example"] } });
    await store.removeAll(orders);
    expect(await store.get(orders)).toEqual({});
  });

  test("lists the retention of workflows that have one", async () => {
    await using database = await open();
    const store = createWorkflowSettingsStore(database);
    await store.set(orders, { egress: { allow: [] } }, 1_000);
    await store.set("salaries" as WorkflowId, { retentionHours: 1, limits: { calls: 2 } }, 1_000);
    await store.set("invoices" as WorkflowId, { retentionHours: 720 }, 1_000);
    expect(await store.retentions()).toEqual([
      { workflowId: "invoices", retentionHours: 720 },
      { workflowId: "salaries", retentionHours: 1 },
    ]);
  });
});
