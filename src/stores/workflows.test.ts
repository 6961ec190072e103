import { expect, test } from "vitest";
import { digestOf } from "../base/sha256.ts";
import type { Scope } from "../domain/permissions.ts";
import { parseWorkflowId, type WorkflowId } from "../domain/ids.ts";
import type { Database } from "./sql/database.ts";
import { eq } from "./sql/drizzle.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { deployOf, orders } from "./testing/deploys.ts";
import { createVersionStore } from "./versions.ts";
import { createWorkflowStore } from "./workflows.ts";

describeOnEachDatabase("the store of workflows", (open) => {
  test("a workflow exists after its first deploy and has its latest version", async () => {
    await using database = await open();
    await deploy(database, { deployId: "inv_1", deployedAt: 1_000 });
    await deploy(database, { deployId: "inv_2", deployedAt: 2_000 });
    const workflow = { workflowId: orders, createdAt: 1_000, latestVersion: 2 };
    expect(await createWorkflowStore(database).get(orders)).toEqual(workflow);
  });

  test("an unknown workflow is reported with its ID", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    await expect(store.get(orders)).rejects.toThrow(notFound);
    await expect(store.remove(orders, 1_000)).rejects.toThrow(notFound);
  });

  test("workflows are listed by ID, page by page", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    for (const id of ["d", "a", "c", "e", "b"]) await deploy(database, { deployId: id, workflowId: id });
    await store.remove(parseWorkflowId("b"), 1_000);
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, after: first.next });
    expect(idsOf(first.items)).toEqual(["a", "c"]);
    expect(first.next).toBe("c");
    expect(idsOf(second.items)).toEqual(["d", "e"]);
    expect(second).not.toHaveProperty("next");
  });

  test("a deleted workflow is hidden, and its versions stay readable", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    await deploy(database, { deployId: "inv_1" });
    await store.remove(orders, 3_000);
    await expect(store.get(orders)).rejects.toThrow(notFound);
    expect((await store.list({ limit: 10 })).items).toEqual([]);
    expect((await createVersionStore(database).get(orders, 1)).version).toBe(1);
    expect((await createVersionStore(database).source(orders, 1)).entry).toBe("main.ts");
  });

  test("removing a workflow again changes nothing", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    await deploy(database, { deployId: "inv_1" });
    await store.remove(orders, 3_000);
    await expect(store.remove(orders, 4_000)).resolves.not.toThrow();
    await expect(store.get(orders)).rejects.toThrow(notFound);
  });

  test("a deleted workflow that is deployed again continues its version numbers", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    await deploy(database, { deployId: "inv_1", deployedAt: 1_000 });
    await store.remove(orders, 2_000);
    const { version } = await deploy(database, { deployId: "inv_2", deployedAt: 3_000 });
    expect(version.version).toBe(2);
    expect(await store.get(orders)).toEqual({ workflowId: orders, createdAt: 1_000, latestVersion: 2 });
    // The earlier sources may belong to another owner.
    const versions = await createVersionStore(database).list(orders, { limit: 10 });
    expect(versions.items.map((each) => each.version)).toEqual([2]);
  });

  test("keys of a deleted workflow are valid again only for the same owner", async () => {
    await using database = await open();
    const { queries, tables } = database;
    const { apiKeys } = tables;
    const bound = { only: ["orders"], both: ["orders", "mail"], other: ["mail"] };
    for (const [id, names] of Object.entries(bound)) await queries.insert(apiKeys).values(keyOf(id, names));
    const workflowsOf = async (id: string) => {
      const [key] = await queries.select().from(apiKeys).where(eq(apiKeys.id, id));
      return key?.workflows;
    };
    const workflows = createWorkflowStore(database);
    await deploy(database, { deployId: "inv_1" });
    await workflows.remove(orders, 2_000);
    await deploy(database, { deployId: "inv_2", isWorkflowBound: true });
    await deploy(database, { deployId: "inv_3" });
    const before = await Promise.all(Object.keys(bound).map(workflowsOf));
    expect(before).toEqual([["orders"], ["orders", "mail"], ["mail"]]);
    await workflows.remove(orders, 3_000);
    await deploy(database, { deployId: "inv_4" });
    expect(await Promise.all(Object.keys(bound).map(workflowsOf))).toEqual([[], ["mail"], ["mail"]]);
  });

  test("recording a deploy again does not restore a deleted workflow", async () => {
    await using database = await open();
    const store = createWorkflowStore(database);
    await deploy(database, { deployId: "inv_1" });
    await store.remove(orders, 2_000);
    await deploy(database, { deployId: "inv_1" });
    await expect(store.get(orders)).rejects.toThrow(notFound);
  });
});

const notFound = expect.objectContaining({
  code: "workflow-not-found",
  message: 'There is no workflow "orders"',
});

interface Deploy {
  readonly deployId: string;
  readonly workflowId?: string;
  readonly deployedAt?: number;
  readonly isWorkflowBound?: boolean;
}

async function deploy(
  database: Database,
  { deployId, workflowId = "orders", deployedAt = 1_000, isWorkflowBound = false }: Deploy,
) {
  const store = createVersionStore(database);
  return await store.record(
    deployOf(deployId, { workflowId: parseWorkflowId(workflowId), deployedAt, isWorkflowBound }),
  );
}

function idsOf(items: readonly { readonly workflowId: WorkflowId }[]): WorkflowId[] {
  return items.map(({ workflowId }) => workflowId);
}

function keyOf(id: string, workflows: readonly string[]) {
  const scopes: readonly Scope[] = ["executions:read"];
  const hash = digestOf(id);
  return {
    id,
    name: id,
    prefix: id,
    hash,
    scopes,
    workflows: workflows.map(parseWorkflowId),
    createdAt: 1_000,
  };
}
