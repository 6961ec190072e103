import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf } from "../base/sha256.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import { sourceDigestOf } from "./source-digest.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { sql } from "./sql/drizzle.ts";
import { sources, versions } from "./sql/schema.ts";
import { deployOf, orders } from "./testing/deploys.ts";
import { runInProcesses } from "./testing/processes.ts";
import { createVersionStore } from "./versions.ts";
import { createWorkflowStore } from "./workflows.ts";

test("the first deploy of a workflow is version 1 with all its data", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const deploy = deployOf("inv_1");
  expect(store.record(deploy)).toEqual({
    version: {
      ...deploy.compiled,
      workflowId: orders,
      version: 1,
      sourceDigest: sourceDigestOf(deploy.source),
      deployedBy: "ci",
      deployedAt: deploy.deployedAt,
    },
  });
});

test("a version is read as recorded", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const deploy = deployOf("inv_1", { text: "export const run = () => 'größe';" });
  const { version } = store.record(deploy);
  expect(store.get(orders, 1)).toEqual(version);
  expect(store.latest(orders)).toEqual(version);
  expect(store.source(orders, 1)).toEqual(deploy.source);
});

test("the note of a version can be set, changed and removed without other changes", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const { version } = store.record(deployOf("inv_1", { note: "as before" }));
  expect(version.note).toBe("as before");
  expect(store.setNote(orders, 1, "größer\nund anders")).toEqual({ ...version, note: "größer\nund anders" });
  const { note: _, ...withoutNote } = version;
  expect(store.setNote(orders, 1, undefined)).toEqual(withoutNote);
  expect(store.get(orders, 1)).toEqual(withoutNote);
  expect(() => store.setNote(orders, 2, "x")).toThrow("has no version 2");
});

test("version numbers are counted per workflow", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const invoices = parseWorkflowId("invoices");
  const deploys = [deployOf("inv_1"), deployOf("inv_2"), deployOf("inv_3", { workflowId: invoices })];
  expect(deploys.map((deploy) => store.record(deploy).version.version)).toEqual([1, 2, 1]);
  expect(store.latest(orders)?.version).toBe(2);
});

test("recording a deploy returns the previous source digest", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const first = store.record(deployOf("inv_1", { text: "1" })).version;
  const second = store.record(deployOf("inv_2", { text: "2" }));
  const third = store.record(deployOf("inv_3", { text: "2" }));
  expect(second.previousSourceDigest).toBe(first.sourceDigest);
  expect(third.previousSourceDigest).toBe(third.version.sourceDigest);
});

test("recording a deploy again returns the same result, also after later deploys", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  store.record(deployOf("inv_1", { text: "1" }));
  const recorded = store.record(deployOf("inv_2", { text: "2" }));
  store.record(deployOf("inv_3", { text: "3" }));
  expect(store.record(deployOf("inv_2", { text: "2", deployedAt: 1_800_000_000_000 }))).toEqual(recorded);
  expect(store.latest(orders)?.version).toBe(3);
});

test("a source that is deployed twice is stored once", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  store.record(deployOf("inv_1"));
  store.record(deployOf("inv_2"));
  expect(database.sync.select().from(sources).all()).toHaveLength(1);
});

test("a failed recording leaves no data", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  const nameless = deployOf("inv_1", { deployedBy: null as unknown as string });
  expect(() => store.record(nameless)).toThrow("NOT NULL");
  expect(store.latest(orders)).toBeUndefined();
  expect(createWorkflowStore(database).list({ limit: 10 }).items).toEqual([]);
  expect(store.record(deployOf("inv_1")).version.version).toBe(1);
});

test("a missing version is reported with its number", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  store.record(deployOf("inv_1"));
  const missing = expect.objectContaining({
    code: "version-not-found",
    message: 'Workflow "orders" has no version 2',
  });
  expect(() => store.get(orders, 2)).toThrow(missing);
  expect(() => store.source(orders, 2)).toThrow(missing);
  expect(store.latest(parseWorkflowId("invoices"))).toBeUndefined();
});

test("versions are listed newest first, page by page", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  for (const number of [1, 2, 3, 4, 5]) store.record(deployOf(`inv_${number}`));
  store.record(deployOf("inv_6", { workflowId: parseWorkflowId("invoices") }));
  const pages = [
    store.list(orders, { limit: 2 }),
    store.list(orders, { limit: 2, after: 4 }),
    store.list(orders, { limit: 2, after: 2 }),
  ];
  expect(pages.map((page) => page.items.map(({ version }) => version))).toEqual([[5, 4], [3, 2], [1]]);
  expect(pages.map((page) => page.next)).toEqual([4, 2, undefined]);
});

test("a page that ends with the last version has no next", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  for (const number of [1, 2]) store.record(deployOf(`inv_${number}`));
  expect(store.list(orders, { limit: 2 })).not.toHaveProperty("next");
});

test("concurrent deploys of one workflow get distinct version numbers", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-versions-"));
  const path = join(folder.path, "a.sqlite");
  const numbers = await runInProcesses<number[]>(
    3,
    (index, at) => `
      import { openSqlite } from ${at("sql/sqlite.ts")};
      import { createVersionStore } from ${at("versions.ts")};
      import { deployOf } from ${at("testing/deploys.ts")};
      using database = openSqlite(${JSON.stringify(path)});
      const store = createVersionStore(database);
      const record = (_, i) => store.record(deployOf("inv_${index}_" + i)).version.version;
      console.log(JSON.stringify(Array.from({ length: 20 }, record)));
    `,
  );
  const inOrder = numbers.flat().toSorted((a, b) => a - b);
  expect(inOrder).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

test("one deploy that several processes record is one version", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-versions-"));
  const path = join(folder.path, "a.sqlite");
  const versions = await runInProcesses<number>(
    3,
    (_, at) => `
      import { openSqlite } from ${at("sql/sqlite.ts")};
      import { createVersionStore } from ${at("versions.ts")};
      import { deployOf } from ${at("testing/deploys.ts")};
      using database = openSqlite(${JSON.stringify(path)});
      console.log(createVersionStore(database).record(deployOf("inv_1")).version.version);
    `,
  );
  expect(versions).toEqual([1, 1, 1]);
});

test("artifacts and storage of a workflow are reported, and a shared image counts once", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  expect(store.usage(orders)).toEqual({ versions: 0, imageBytes: 0 });
  for (const [deployId, text] of [
    ["inv_1", "a"],
    ["inv_2", "a"],
    ["inv_3", "b"],
  ] as const)
    store.record(deployOf(deployId, { text }));
  expect(store.usage(orders)).toEqual({ versions: 3, imageBytes: 2 * 98_304 });
  expect(store.artifacts().size).toBe(6);
  for (const kind of ["image", "bundle", "source map"])
    expect(store.hasArtifact(digestOf(`${kind} of b`))).toBe(true);
  expect(store.hasArtifact(digestOf("image of c"))).toBe(false);
});

test("whether a version declares a rate limit that rejects is read from an index", () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  store.record(deployOf("inv_1"));
  expect(store.declaresRejection(orders)).toBe(false);
  const deploy = deployOf("inv_2");
  const rateLimit = { limit: 1, period: "PT1S", mode: "reject" as const };
  store.record({ ...deploy, compiled: { ...deploy.compiled, declarations: { flow: { rateLimit } } } });
  expect(store.declaresRejection(orders)).toBe(true);
  const condition = sql`${versions.workflowId} = 'orders' AND ${versions.isRejecting} = 1`;
  const plan = database.sync.all<{ detail: string }>(
    sql`EXPLAIN QUERY PLAN SELECT version FROM ${versions} WHERE ${condition}`,
  );
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining("versions_rejecting")]);
});
