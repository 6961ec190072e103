import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { openDatabase } from "./sql/database.ts";
import { createWorkflowSettingsStore } from "./workflow-settings.ts";

const orders = "order-sync" as WorkflowId;

test("settings are empty by default, replaced as a whole, and deleted with their workflow", () => {
  using database = openDatabase(":memory:");
  const store = createWorkflowSettingsStore(database);
  expect(store.get(orders)).toEqual({});
  store.set(orders, { egress: { allow: ["a.example"], methods: ["GET"] } }, 1_000);
  store.set(orders, { egress: { allow: ["b.example"] } }, 2_000);
  expect(store.get(orders)).toEqual({ egress: { allow: ["b.example"] } });
  store.removeAll(orders);
  expect(store.get(orders)).toEqual({});
});

test("lists the retention of workflows that have one", () => {
  using database = openDatabase(":memory:");
  const store = createWorkflowSettingsStore(database);
  store.set(orders, { egress: { allow: [] } }, 1_000);
  store.set("salaries" as WorkflowId, { retentionHours: 1, limits: { calls: 2 } }, 1_000);
  store.set("invoices" as WorkflowId, { retentionHours: 720 }, 1_000);
  expect(store.retentions()).toEqual([
    { workflowId: "invoices", retentionHours: 720 },
    { workflowId: "salaries", retentionHours: 1 },
  ]);
});
