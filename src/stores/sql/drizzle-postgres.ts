/** The part of Drizzle for PostgreSQL, loaded as CommonJS as `drizzle.ts` is, and only where PostgreSQL is used. */
import { createRequire } from "node:module";
import type * as Core from "drizzle-orm/pg-core";
import type * as Driver from "drizzle-orm/node-postgres";

// `npm run migrations` compiles the schema to CommonJS, where `import.meta.url` is undefined.
const require = createRequire(import.meta.url ?? `file://${process.cwd()}/`);

export const pg = require("drizzle-orm/pg-core") as typeof Core;
export const { NodePgDatabase, NodePgSession } = require("drizzle-orm/node-postgres") as typeof Driver;
