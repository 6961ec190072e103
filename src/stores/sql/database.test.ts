import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";
import { changedRows, prepare, rows } from "./database.ts";
import type { Database, Queries, Steps } from "./database.ts";
import { eq, sql } from "./drizzle.ts";
import { openSqlite } from "./sqlite.ts";

describeOnEachDatabase("a database", (open) => {
  test("stores text, JSON, bytes, numbers and booleans unchanged", async () => {
    await using database = await open();
    const { secrets, workflowPauses, executionCounts } = database.tables;
    const settings = { z: 1, a: "\u0000 é 😀", n: null };
    await database.queries.insert(secrets).values({
      workflowId: "w" as never,
      name: "é 😀",
      hosts: settings as never,
      keyId: "",
      encrypted: Buffer.from([0, 255, 1]),
      updatedAt: Number.MAX_SAFE_INTEGER,
    });
    const [secret] = await database.queries.select().from(secrets);
    expect(secret).toEqual({
      workflowId: "w",
      name: "é 😀",
      hosts: settings,
      keyId: "",
      encrypted: Buffer.from([0, 255, 1]),
      updatedAt: Number.MAX_SAFE_INTEGER,
    });
    expect(Object.keys(secret?.hosts ?? {})).toEqual(["z", "a", "n"]);
    const pause = { workflowId: "w" as never, at: 1, by: "ada", note: null, running: true };
    await database.queries.insert(workflowPauses).values(pause);
    expect(await database.queries.select().from(workflowPauses)).toEqual([pause]);
    expect(
      await database.queries
        .select({ count: sql<number>`count(*)`, sum: sql<number>`sum(${executionCounts.count})` })
        .from(executionCounts),
    ).toEqual([{ count: 0, sum: null }]);
  });

  test("orders text by its bytes", async () => {
    await using database = await open();
    const { sources } = database.tables;
    for (const source of ["b", "a", "B", "é", "_", "-", "1"])
      await database.queries.insert(sources).values({ digest: digestOf(source), source });
    const found = await database.queries.select().from(sources).orderBy(sources.source);
    expect(found.map(({ source }) => source)).toEqual(["-", "1", "B", "_", "a", "b", "é"]);
  });

  test("a snapshot sees nothing that is written after its first query", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-snapshot-"));
    await using opened = await open();
    await using database = opened.dialect === "sqlite" ? openSqlite(join(folder.path, "database")) : opened;
    const { sources } = database.tables;
    await database.queries.insert(sources).values(sourceOf("a"));
    await database.snapshot(async (queries) => {
      expect(await queries.select().from(sources)).toHaveLength(1);
      await database.queries.insert(sources).values(sourceOf("b"));
      expect(await queries.select().from(sources)).toHaveLength(1);
    });
    expect(await database.queries.select().from(sources)).toHaveLength(2);
  });

  test("a transaction whose steps throw is rolled back", async () => {
    await using database = await open();
    const { sources } = database.tables;
    const failing = database.transaction(function* (tx) {
      yield* rows(tx.insert(sources).values(sourceOf("a")));
      throw new Error("second thoughts");
    });
    await expect(failing).rejects.toThrow("second thoughts");
    expect(await database.queries.select().from(sources)).toEqual([]);
  });

  test("concurrent transactions see each other's rows or none of them", async () => {
    await using database = await open();
    const { sources } = database.tables;
    function* addNext(tx: Queries): Steps<number> {
      const found = yield* rows(tx.select().from(sources));
      yield* rows(tx.insert(sources).values(sourceOf(String(found.length))));
      return found.length;
    }
    const numbers = await Promise.all(
      Array.from({ length: 8 }, async () => await database.transaction(addNext)),
    );
    expect(numbers.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("returns the number of rows that a statement has changed", async () => {
    await using database = await open();
    const { sources } = database.tables;
    await database.queries.insert(sources).values(["a", "b", "c"].map(sourceOf));
    expect(changedRows(await database.queries.delete(sources).where(eq(sources.source, "a")))).toBe(1);
    const inTransaction = await database.transaction(function* (tx) {
      return changedRows(yield* rows(tx.update(sources).set({ source: "d" })));
    });
    expect(inTransaction).toBe(2);
  });

  test("a prepared query runs with different parameters", async () => {
    await using database = await open();
    const { sources } = database.tables;
    await database.queries.insert(sources).values(["a", "b"].map(sourceOf));
    const find = prepare(
      database.queries
        .select({ source: sources.source })
        .from(sources)
        .where(eq(sources.digest, sql.placeholder("digest"))),
    );
    expect(await find.execute({ digest: digestOf("a") })).toEqual([{ source: "a" }]);
    expect(await find.execute({ digest: digestOf("b") })).toEqual([{ source: "b" }]);
  });

  test("a violated constraint is an error, which does not contain the values", async () => {
    await using database = await open();
    const { sources } = database.tables;
    await database.queries.insert(sources).values(sourceOf("a"));
    await expect(insertAgain(database)).rejects.toThrow(/unique/i);
    await expect(insertAgain(database)).rejects.not.toThrow(/confidential/);
  });
});

async function insertAgain({ queries, tables: { sources } }: Database): Promise<void> {
  await queries.insert(sources).values({ digest: digestOf("a"), source: "confidential" });
}

function sourceOf(source: string) {
  return { digest: digestOf(source), source };
}
