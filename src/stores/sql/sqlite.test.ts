import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { runInProcesses } from "../testing/processes.ts";
import { openSqlite } from "./sqlite.ts";
import { sql } from "./drizzle.ts";
import { sources } from "./schema.ts";

test("a missing database and its folder are created", async () => {
  await using folder = await temporaryFolder();
  using database = openSqlite(join(folder.path, "data", "duranium.sqlite"));
  await expect(database.check()).resolves.toBeUndefined();
});

test("data persists when the database is opened again", async () => {
  await using folder = await temporaryFolder();
  const row = { digest: digestOf("{}"), source: "{}" };
  using first = openSqlite(join(folder.path, "a.sqlite"));
  first.sync.insert(sources).values(row).run();
  first[Symbol.dispose]();
  using second = openSqlite(join(folder.path, "a.sqlite"));
  expect(second.sync.select().from(sources).all()).toEqual([row]);
});

test("each in-memory database is separate", () => {
  using first = openSqlite(":memory:");
  using second = openSqlite(":memory:");
  first.sync
    .insert(sources)
    .values({ digest: digestOf("{}"), source: "{}" })
    .run();
  expect(second.sync.select().from(sources).all()).toEqual([]);
});

test.each([
  ["writes ahead", "journal_mode", "wal"],
  ["waits for the disk before a commit is done", "synchronous", 2],
  ["refuses dangling references", "foreign_keys", 1],
  ["waits for other writers", "busy_timeout", 5_000],
])("a database %s", async (_, pragma, expected) => {
  await using folder = await temporaryFolder();
  using database = openSqlite(join(folder.path, "a.sqlite"));
  const rows = database.sync.all<Record<string, unknown>>(sql.raw(`PRAGMA ${pragma}`));
  expect(Object.values(rows[0] ?? {})).toEqual([expected]);
});

test("several processes can create and migrate the same database concurrently", async () => {
  await using folder = await temporaryFolder();
  const startAt = Date.now() + 1_000;
  const counts = await runInProcesses<number>(
    3,
    (_, at) => `
      import { openSqlite } from ${at("sql/sqlite.ts")};
      for (let file = 0; file < 25; file++) {
        while (Date.now() < ${startAt} + file * 50);
        using database = openSqlite(${JSON.stringify(folder.path)} + "/" + file + ".sqlite");
        await database.check();
      }
      console.log(25);
    `,
  );
  expect(counts).toEqual([25, 25, 25]);
});

test("a database of a newer version is rejected unchanged", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.sqlite");
  openSqlite(path)[Symbol.dispose]();
  const sqlite = new BetterSqlite3(path);
  sqlite.pragma("user_version = 9999");
  sqlite.close();
  expect(() => openSqlite(path)).toThrow(
    `Cannot open the database ${path}: a newer version of Duranium has migrated it`,
  );
});

test("a file that is not a database is reported and unchanged", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.sqlite");
  const text = "These are notes, not a database. ".repeat(100);
  await writeFile(path, text);
  expect(() => openSqlite(path)).toThrow(`Cannot open the database ${path}: file is not a database`);
  expect(await readFile(path, "utf8")).toBe(text);
});

test("a truncated database is reported", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.sqlite");
  openSqlite(path)[Symbol.dispose]();
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, 50));
  expect(() => openSqlite(path)).toThrow(`Cannot open the database ${path}`);
});

test("a folder that cannot be created or written is reported", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  await mkdir(join(folder.path, "folder"));
  const below = join(folder.path, "file", "a.sqlite");
  expect(() => openSqlite(below)).toThrow(`Cannot open the database ${below}`);
  const isFolder = join(folder.path, "folder");
  expect(() => openSqlite(isFolder)).toThrow(`Cannot open the database ${isFolder}`);
});

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "duranium-database-"));
}
