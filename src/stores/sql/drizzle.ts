/**
 * The part of Drizzle that the stores need, loaded as CommonJS. Its ES modules load slowly in each thread, because Node
 * reads the large package.json again for every one of several hundred modules.
 */
import { createRequire } from "node:module";
import type * as Core from "drizzle-orm";
import type * as Driver from "drizzle-orm/better-sqlite3";
import type * as Migrator from "drizzle-orm/migrator";
import type * as Sqlite from "drizzle-orm/sqlite-core";

// `npm run migrations` compiles the schema to CommonJS, where `import.meta.url` is undefined.
const require = createRequire(import.meta.url ?? `file://${process.cwd()}/`);

const core = require("drizzle-orm") as typeof Core;
const sqlite = require("drizzle-orm/sqlite-core") as typeof Sqlite;
const driver = require("drizzle-orm/better-sqlite3") as typeof Driver;
const migrator = require("drizzle-orm/migrator") as typeof Migrator;

export const {
  and,
  asc,
  desc,
  DrizzleQueryError,
  eq,
  getTableColumns,
  getTableName,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  max,
  min,
  ne,
  notInArray,
  or,
  sql,
} = core;
export const { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } = sqlite;
export const { drizzle } = driver;
export const { readMigrationFiles } = migrator;

export type { Placeholder, SQL } from "drizzle-orm";
export type { BaseSQLiteDatabase, SQLiteColumn } from "drizzle-orm/sqlite-core";
