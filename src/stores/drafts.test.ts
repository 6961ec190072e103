import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { createDraftStore } from "./drafts.ts";
import { maxDraftsWithoutWorkflow } from "./limits.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { workflows } from "./sql/schema.ts";

const [orders, salaries] = ["order-sync", "salaries"] as unknown as [WorkflowId, WorkflowId];
const source = { entry: "workflow.ts", files: { "workflow.ts": "export function run() {}" } };
const draft = { workflowId: orders, source, updatedAt: 1_000, updatedBy: "ada" };

test("a draft is saved only over the expected revision", () => {
  using database = openSqlite(":memory:");
  const store = createDraftStore(database);
  const first = store.save(draft, "none").saved;
  expect(store.get(orders)).toEqual({ ...draft, revision: first?.revision });
  const second = store.save({ ...draft, updatedAt: 2_000, updatedBy: "grace" }, [
    first?.revision ?? "",
  ]).saved;
  expect(second?.revision).not.toBe(first?.revision);
  expect(store.save(draft, [first?.revision ?? ""])).toEqual({ conflict: second });
  expect(store.get(orders)).toMatchObject({ updatedBy: "grace", updatedAt: 2_000 });
});

test("a draft is created once, and a missing draft cannot be overwritten", () => {
  using database = openSqlite(":memory:");
  const store = createDraftStore(database);
  for (const expected of [["gone"], "any"] as const) {
    expect(store.save(draft, expected)).toEqual({ conflict: "gone" });
  }
  expect(store.save(draft, "none").saved).toBeDefined();
  expect(store.save(draft, "none").saved).toBeUndefined();
  expect(store.save(draft, "any").saved).toBeDefined();
});

test("a recreated draft has a new revision", () => {
  using database = openSqlite(":memory:");
  const store = createDraftStore(database);
  const first = store.save(draft, "none").saved;
  store.remove(orders);
  expect(() => store.get(orders)).toThrow('Workflow "order-sync" has no draft');
  expect(() => store.remove(orders)).toThrow('Workflow "order-sync" has no draft');
  store.save(draft, "none");
  expect(store.save(draft, [first?.revision ?? ""]).saved).toBeUndefined();
});

test("drafts are listed without sources, page by page, and are deleted with their workflow", () => {
  using database = openSqlite(":memory:");
  const store = createDraftStore(database);
  for (const workflowId of [salaries, orders]) store.save({ ...draft, workflowId }, "none");
  const first = store.list({ limit: 1 });
  expect(first).toMatchObject({ items: [{ workflowId: orders, updatedBy: "ada" }], next: orders });
  expect(first.items[0]).not.toHaveProperty("source");
  expect(store.list({ limit: 1, after: orders })).toMatchObject({ items: [{ workflowId: salaries }] });
  expect(store.list({ limit: 9 }, [salaries]).items).toHaveLength(1);
  store.removeAll(orders);
  store.removeAll(orders);
  expect(store.list({ limit: 9 }).items).toHaveLength(1);
});

test("the number of drafts without a workflow is limited", () => {
  using database = openSqlite(":memory:");
  const store = createDraftStore(database);
  for (let n = 0; n < maxDraftsWithoutWorkflow; n++)
    store.save({ ...draft, workflowId: `begun-${n}` as WorkflowId }, "none");
  expect(() => store.save(draft, "none")).toThrow(
    /there are 200 drafts of workflows that do not exist already \(maxDraftsWithoutWorkflow\)/,
  );
  expect(store.save({ ...draft, workflowId: "begun-0" as WorkflowId }, "any").saved).toBeDefined();
  database.sync.insert(workflows).values({ id: orders, createdAt: 1, latestVersion: 1 }).run();
  expect(store.save(draft, "none").saved).toBeDefined();
});
