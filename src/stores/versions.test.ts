import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf } from "../base/sha256.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import { sourceDigestOf } from "./source-digest.ts";
import { and, eq, sql } from "./sql/drizzle.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { deployOf, orders } from "./testing/deploys.ts";
import { runInProcesses } from "./testing/processes.ts";
import { createVersionStore } from "./versions.ts";
import { createWorkflowStore } from "./workflows.ts";

describeOnEachDatabase("the store of versions", (open) => {
  test("the first deploy of a workflow is version 1 with all its data", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const deploy = deployOf("inv_1");
    expect(await store.record(deploy)).toEqual({
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

  test("a version is read as recorded", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const deploy = deployOf("inv_1", { text: "export const run = () => 'größe';" });
    const { version } = await store.record(deploy);
    expect(await store.get(orders, 1)).toEqual(version);
    expect(await store.latest(orders)).toEqual(version);
    expect(await store.source(orders, 1)).toEqual(deploy.source);
  });

  test("the note of a version can be set, changed and removed without other changes", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const { version } = await store.record(deployOf("inv_1", { note: "as before" }));
    expect(version.note).toBe("as before");
    expect(await store.setNote(orders, 1, "größer\nund anders")).toEqual({
      ...version,
      note: "größer\nund anders",
    });
    const { note: _, ...withoutNote } = version;
    expect(await store.setNote(orders, 1, undefined)).toEqual(withoutNote);
    expect(await store.get(orders, 1)).toEqual(withoutNote);
    await expect(store.setNote(orders, 2, "x")).rejects.toThrow("has no version 2");
  });

  test("version numbers are counted per workflow", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const invoices = parseWorkflowId("invoices");
    const deploys = [deployOf("inv_1"), deployOf("inv_2"), deployOf("inv_3", { workflowId: invoices })];
    const numbers: number[] = [];
    for (const deploy of deploys) numbers.push((await store.record(deploy)).version.version);
    expect(numbers).toEqual([1, 2, 1]);
    expect((await store.latest(orders))?.version).toBe(2);
  });

  test("recording a deploy returns the previous source digest", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const first = (await store.record(deployOf("inv_1", { text: "1" }))).version;
    const second = await store.record(deployOf("inv_2", { text: "2" }));
    const third = await store.record(deployOf("inv_3", { text: "2" }));
    expect(second.previousSourceDigest).toBe(first.sourceDigest);
    expect(third.previousSourceDigest).toBe(third.version.sourceDigest);
  });

  test("recording a deploy again returns the same result, also after later deploys", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    await store.record(deployOf("inv_1", { text: "1" }));
    const recorded = await store.record(deployOf("inv_2", { text: "2" }));
    await store.record(deployOf("inv_3", { text: "3" }));
    expect(await store.record(deployOf("inv_2", { text: "2", deployedAt: 1_800_000_000_000 }))).toEqual(
      recorded,
    );
    expect((await store.latest(orders))?.version).toBe(3);
  });

  test("a source that is deployed twice is stored once", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    await store.record(deployOf("inv_1"));
    await store.record(deployOf("inv_2"));
    expect(await database.queries.select().from(database.tables.sources)).toHaveLength(1);
  });

  test("a failed recording leaves no data", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    const nameless = deployOf("inv_1", { deployedBy: null as unknown as string });
    await expect(store.record(nameless)).rejects.toThrow(/not.null/i);
    expect(await store.latest(orders)).toBeUndefined();
    const workflows = await createWorkflowStore(database).list({ limit: 10 });
    expect(workflows.items).toEqual([]);
    expect((await store.record(deployOf("inv_1"))).version.version).toBe(1);
  });

  test("a missing version is reported with its number", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    await store.record(deployOf("inv_1"));
    const missing = expect.objectContaining({
      code: "version-not-found",
      message: 'Workflow "orders" has no version 2',
    });
    await expect(store.get(orders, 2)).rejects.toThrow(missing);
    await expect(store.source(orders, 2)).rejects.toThrow(missing);
    expect(await store.latest(parseWorkflowId("invoices"))).toBeUndefined();
  });

  test("versions are listed newest first, page by page", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    for (const number of [1, 2, 3, 4, 5]) await store.record(deployOf(`inv_${number}`));
    await store.record(deployOf("inv_6", { workflowId: parseWorkflowId("invoices") }));
    const pages = [
      await store.list(orders, { limit: 2 }),
      await store.list(orders, { limit: 2, after: 4 }),
      await store.list(orders, { limit: 2, after: 2 }),
    ];
    expect(pages.map((page) => page.items.map(({ version }) => version))).toEqual([[5, 4], [3, 2], [1]]);
    expect(pages.map((page) => page.next)).toEqual([4, 2, undefined]);
  });

  test("a page that ends with the last version has no next", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    for (const number of [1, 2]) await store.record(deployOf(`inv_${number}`));
    expect(await store.list(orders, { limit: 2 })).not.toHaveProperty("next");
  });

  test("artifacts and storage of a workflow are reported, and a shared image counts once", async () => {
    await using database = await open();
    const store = createVersionStore(database);
    expect(await store.usage(orders)).toEqual({ versions: 0, imageBytes: 0 });
    for (const [deployId, text] of [
      ["inv_1", "a"],
      ["inv_2", "a"],
      ["inv_3", "b"],
    ] as const)
      await store.record(deployOf(deployId, { text }));
    expect(await store.usage(orders)).toEqual({ versions: 3, imageBytes: 2 * 98_304 });
    expect((await store.artifacts()).size).toBe(6);
    for (const kind of ["image", "bundle", "source map"])
      expect(await store.hasArtifact(digestOf(`${kind} of b`))).toBe(true);
    expect(await store.hasArtifact(digestOf("image of c"))).toBe(false);
  });
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
      const numbers = [];
      for (let i = 0; i < 20; i++)
        numbers.push((await store.record(deployOf("inv_${index}_" + i))).version.version);
      console.log(JSON.stringify(numbers));
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
      const { version } = await createVersionStore(database).record(deployOf("inv_1"));
      console.log(version.version);
    `,
  );
  expect(versions).toEqual([1, 1, 1]);
});

test("whether a version declares a rate limit that rejects is read from an index", async () => {
  using database = openSqlite(":memory:");
  const store = createVersionStore(database);
  await store.record(deployOf("inv_1"));
  expect(await store.declaresRejection(orders)).toBe(false);
  const deploy = deployOf("inv_2");
  const rateLimit = { limit: 1, period: "PT1S", mode: "reject" as const };
  await store.record({ ...deploy, compiled: { ...deploy.compiled, declarations: { flow: { rateLimit } } } });
  expect(await store.declaresRejection(orders)).toBe(true);
  const { versions } = database.tables;
  const condition = and(eq(versions.workflowId, orders), eq(versions.isRejecting, true));
  const plan = database.sync.all<{ detail: string }>(
    sql`EXPLAIN QUERY PLAN SELECT version FROM ${versions} WHERE ${condition}`,
  );
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining("versions_rejecting")]);
});
