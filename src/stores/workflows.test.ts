import { expect, test } from "vitest";
import { parseWorkflowId, type WorkflowId } from "../domain/ids.ts";
import { hashApiKey } from "./api-key-format.ts";
import { createApiKeyStore } from "./api-keys.ts";
import { openSqlite, type SqliteDatabase } from "./sql/sqlite.ts";
import { deployOf, orders } from "./testing/deploys.ts";
import { createVersionStore } from "./versions.ts";
import { createWorkflowStore } from "./workflows.ts";

test("a workflow exists after its first deploy and has its latest version", () => {
  using database = openSqlite(":memory:");
  deploy(database, { deployId: "inv_1", deployedAt: 1_000 });
  deploy(database, { deployId: "inv_2", deployedAt: 2_000 });
  const workflow = { workflowId: orders, createdAt: 1_000, latestVersion: 2 };
  expect(createWorkflowStore(database).get(orders)).toEqual(workflow);
});

test("an unknown workflow is reported with its ID", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  expect(() => store.get(orders)).toThrow(notFound);
  expect(() => store.remove(orders, 1_000)).toThrow(notFound);
});

test("workflows are listed by ID, page by page", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  for (const id of ["d", "a", "c", "e", "b"]) deploy(database, { deployId: id, workflowId: id });
  store.remove(parseWorkflowId("b"), 1_000);
  const first = store.list({ limit: 2 });
  const second = store.list({ limit: 2, after: first.next });
  expect(idsOf(first.items)).toEqual(["a", "c"]);
  expect(first.next).toBe("c");
  expect(idsOf(second.items)).toEqual(["d", "e"]);
  expect(second).not.toHaveProperty("next");
});

test("a deleted workflow is hidden, and its versions stay readable", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  deploy(database, { deployId: "inv_1" });
  store.remove(orders, 3_000);
  expect(() => store.get(orders)).toThrow(notFound);
  expect(store.list({ limit: 10 }).items).toEqual([]);
  expect(createVersionStore(database).get(orders, 1).version).toBe(1);
  expect(createVersionStore(database).source(orders, 1).entry).toBe("main.ts");
});

test("removing a workflow again changes nothing", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  deploy(database, { deployId: "inv_1" });
  store.remove(orders, 3_000);
  expect(() => store.remove(orders, 4_000)).not.toThrow();
  expect(() => store.get(orders)).toThrow(notFound);
});

test("a deleted workflow that is deployed again continues its version numbers", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  deploy(database, { deployId: "inv_1", deployedAt: 1_000 });
  store.remove(orders, 2_000);
  const { version } = deploy(database, { deployId: "inv_2", deployedAt: 3_000 });
  expect(version.version).toBe(2);
  expect(store.get(orders)).toEqual({ workflowId: orders, createdAt: 1_000, latestVersion: 2 });
  // The earlier sources may belong to another owner.
  const versions = createVersionStore(database).list(orders, { limit: 10 });
  expect(versions.items.map((each) => each.version)).toEqual([2]);
});

test("keys of a deleted workflow are valid again only for the same owner", async () => {
  using database = openSqlite(":memory:");
  const keys = createApiKeyStore(database);
  const bound = async (...names: string[]) => {
    const workflows = names.map(parseWorkflowId);
    const { key } = await keys.create({ name: "bound", scopes: ["executions:read"], workflows }, 1_000);
    return async () => (await keys.find(hashApiKey(key), 2_000))?.workflows;
  };
  const [only, both, other] = [await bound("orders"), await bound("orders", "mail"), await bound("mail")];
  deploy(database, { deployId: "inv_1" });
  createWorkflowStore(database).remove(orders, 2_000);
  deploy(database, { deployId: "inv_2", isWorkflowBound: true });
  deploy(database, { deployId: "inv_3" });
  expect([await only(), await both(), await other()]).toEqual([["orders"], ["orders", "mail"], ["mail"]]);
  createWorkflowStore(database).remove(orders, 3_000);
  deploy(database, { deployId: "inv_4" });
  expect([await only(), await both(), await other()]).toEqual([[], ["mail"], ["mail"]]);
});

test("recording a deploy again does not restore a deleted workflow", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowStore(database);
  deploy(database, { deployId: "inv_1" });
  store.remove(orders, 2_000);
  deploy(database, { deployId: "inv_1" });
  expect(() => store.get(orders)).toThrow(notFound);
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

function deploy(
  database: SqliteDatabase,
  { deployId, workflowId = "orders", deployedAt = 1_000, isWorkflowBound = false }: Deploy,
) {
  const store = createVersionStore(database);
  return store.record(
    deployOf(deployId, { workflowId: parseWorkflowId(workflowId), deployedAt, isWorkflowBound }),
  );
}

function idsOf(items: readonly { readonly workflowId: WorkflowId }[]): WorkflowId[] {
  return items.map(({ workflowId }) => workflowId);
}
