import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { createDraftStore } from "./drafts.ts";
import { maxDraftsWithoutWorkflow } from "./limits.ts";

const [orders, salaries] = ["order-sync", "salaries"] as unknown as [WorkflowId, WorkflowId];
const source = { entry: "workflow.ts", files: { "workflow.ts": "export function run() {}" } };
const draft = { workflowId: orders, source, updatedAt: 1_000, updatedBy: "ada" };

describeOnEachDatabase("the store of drafts", (open) => {
  test("a draft is saved only over the expected revision", async () => {
    await using database = await open();
    const store = createDraftStore(database);
    const first = (await store.save(draft, "none")).saved;
    expect(await store.get(orders)).toEqual({ ...draft, revision: first?.revision });
    const second = (
      await store.save({ ...draft, updatedAt: 2_000, updatedBy: "grace" }, [first?.revision ?? ""])
    ).saved;
    expect(second?.revision).not.toBe(first?.revision);
    expect(await store.save(draft, [first?.revision ?? ""])).toEqual({ conflict: second });
    expect(await store.get(orders)).toMatchObject({ updatedBy: "grace", updatedAt: 2_000 });
  });

  test("a draft is created once, and a missing draft cannot be overwritten", async () => {
    await using database = await open();
    const store = createDraftStore(database);
    for (const expected of [["gone"], "any"] as const) {
      expect(await store.save(draft, expected)).toEqual({ conflict: "gone" });
    }
    expect((await store.save(draft, "none")).saved).toBeDefined();
    expect((await store.save(draft, "none")).saved).toBeUndefined();
    expect((await store.save(draft, "any")).saved).toBeDefined();
  });

  test("a recreated draft has a new revision", async () => {
    await using database = await open();
    const store = createDraftStore(database);
    const first = (await store.save(draft, "none")).saved;
    await store.remove(orders);
    await expect(store.get(orders)).rejects.toThrow('Workflow "order-sync" has no draft');
    await expect(store.remove(orders)).rejects.toThrow('Workflow "order-sync" has no draft');
    await store.save(draft, "none");
    expect((await store.save(draft, [first?.revision ?? ""])).saved).toBeUndefined();
  });

  test("drafts are listed without sources, page by page, and are deleted with their workflow", async () => {
    await using database = await open();
    const store = createDraftStore(database);
    for (const workflowId of [salaries, orders]) await store.save({ ...draft, workflowId }, "none");
    const first = await store.list({ limit: 1 });
    expect(first).toMatchObject({ items: [{ workflowId: orders, updatedBy: "ada" }], next: orders });
    expect(first.items[0]).not.toHaveProperty("source");
    expect(await store.list({ limit: 1, after: orders })).toMatchObject({
      items: [{ workflowId: salaries }],
    });
    expect((await store.list({ limit: 9 }, [salaries])).items).toHaveLength(1);
    await store.removeAll(orders);
    await store.removeAll(orders);
    expect((await store.list({ limit: 9 })).items).toHaveLength(1);
  });

  test("the number of drafts without a workflow is limited", async () => {
    await using database = await open();
    const store = createDraftStore(database);
    for (let n = 0; n < maxDraftsWithoutWorkflow; n++)
      await store.save({ ...draft, workflowId: `begun-${n}` as WorkflowId }, "none");
    await expect(store.save(draft, "none")).rejects.toThrow(
      /there are 200 drafts of workflows that do not exist already \(maxDraftsWithoutWorkflow\)/,
    );
    expect((await store.save({ ...draft, workflowId: "begun-0" as WorkflowId }, "any")).saved).toBeDefined();
    await database.queries
      .insert(database.tables.workflows)
      .values({ id: orders, createdAt: 1, latestVersion: 1 });
    expect((await store.save(draft, "none")).saved).toBeDefined();
  });
});
