import { getTableName } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { describe } from "vitest";
import { createPostgresDatabase, describeWithPostgres } from "../../../test/support/postgres.ts";
import type { Database } from "../sql/database.ts";
import { sql } from "../sql/drizzle.ts";
import { openPostgres } from "../sql/postgres.ts";
import { openSqlite } from "../sql/sqlite.ts";
import { silentLogger } from "./logger.ts";

/** Defines the contract of a store: tests that hold on each database. `open` returns an empty one. */
export function describeOnEachDatabase(name: string, tests: (open: () => Promise<Database>) => void): void {
  describe(`${name} on SQLite`, () => tests(async () => openSqlite(":memory:")));
  describeWithPostgres(`${name} on PostgreSQL`, () => tests(openEmptyPostgres));
}

/** The tests of a process share one database, whose rows each test removes: a new one would take much longer. */
let shared: Promise<Database> | undefined;

async function openEmptyPostgres(): Promise<Database> {
  shared ??= createPostgresDatabase().then(async (url) => await openPostgres(url, { logger: silentLogger }));
  const database = await shared;
  // Tables that others refer to come first.
  const deletions = Object.values(database.tables)
    .map((table) => `DELETE FROM ${getTableName(table)}`)
    .toReversed();
  await execute(database, sql.raw(deletions.join(";")));
  return { ...database, [Symbol.asyncDispose]: async () => {} };
}

/** Runs a statement that no store runs. */
async function execute({ queries }: Database, statement: SQL): Promise<void> {
  await (queries as unknown as { execute(statement: SQL): Promise<unknown> }).execute(statement);
}
