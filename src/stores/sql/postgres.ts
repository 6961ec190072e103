import { fileURLToPath } from "node:url";
import postgres from "postgres";
import type { Sql } from "postgres";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { PostgresCoordination } from "../coordination/postgres-coordination.ts";
import type { SessionOptions } from "../coordination/postgres-session.ts";
import { postgresColumns } from "./columns-postgres.ts";
import { serverName } from "./database.ts";
import type { Database, DatabaseOptions, Queries, Steps } from "./database.ts";
import { readMigrationFiles, sql } from "./drizzle.ts";
import { pg, PostgresJsDatabase, PostgresJsSession } from "./drizzle-postgres.ts";
import type { PgSession } from "./drizzle-postgres.ts";
import { withRetry } from "./postgres-errors.ts";
import { tablesOf } from "./tables.ts";

const migrationsFolder = fileURLToPath(new URL("../../../migrations/postgres", import.meta.url));

/** How long a statement may take. All are short; only a database that is overloaded or blocked exceeds it. */
const statementTimeoutMs = 10_000;

const connectTimeoutSeconds = 3;

/** PostgreSQL has a process for each connection, and all processes of an installation share its limit of 100 by default. */
const maxConnections = 10;

/**
 * Opens a PostgreSQL database and migrates its schema. Of several hosts in the URL, the one that accepts writes is used, so a
 * standby that was promoted is found.
 *
 * @throws {DuraniumError} `internal`, without the password
 */
export async function openPostgres(
  url: string,
  { logger, applicationName = serverName }: DatabaseOptions,
): Promise<Database> {
  const client = connect(url, applicationName);
  try {
    await withRetry(async () => await migrate(client), { isRepeatable: true });
  } catch (error) {
    await client.end();
    throw new DuraniumError("internal", `Cannot open the database ${nameOf(client)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const queries = queriesOf(client, true);
  const coordination = new PostgresCoordination({
    connect: (options) => connect(url, applicationName, options),
    logger,
  });
  return {
    lease: (name, start) => coordination.lease(name, start),
    publish: (topic, key) => coordination.publish(topic, key),
    subscribe: (topic, listener) => coordination.subscribe(topic, listener),
    dialect: "postgres",
    tables: tablesOf(postgresColumns),
    queries,
    transaction: async (steps) => await transaction(client, steps),
    check: async () => void (await queries.select({ one: sql`1` }).from(sql`(SELECT 1) AS one`)),
    async [Symbol.asyncDispose]() {
      await coordination[Symbol.asyncDispose]();
      await client.end({ timeout: closeTimeoutSeconds });
    },
  };
}

/** How long statements in flight may take when the process stops. */
const closeTimeoutSeconds = 5;

function connect(url: string, applicationName: string, options?: SessionOptions): Sql {
  return postgres(url, {
    max: maxConnections,
    connect_timeout: connectTimeoutSeconds,
    // Not "read-write": that setting of postgres.js takes a standby since PostgreSQL 14, which reports more of its parameters.
    target_session_attrs: "primary",
    // The default waits up to 20 s after the server could not be reached.
    backoff: (failures) => Math.min(0.05 * 2 ** failures, 1),
    fetch_types: false,
    onnotice: () => {},
    connection: {
      application_name: applicationName,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
    },
    types: { number: numberType },
    ...options,
  });
}

/** `bigint`, which `count()` also returns, and `numeric`, which sums are, as numbers. */
const numberType = { to: 20, from: [20, 1_700], serialize: String, parse: Number };

/** The location of the database as in its URL, without credentials. */
function nameOf({ options: { host, port, database } }: Sql): string {
  return `postgres://${host.map((name, index) => `${name}:${port[index]}`).join(",")}/${database}`;
}

const dialect = new pg.PgDialect();

function queriesOf(client: Sql, repeating = false): Queries {
  const session = new PostgresJsSession(client, dialect, undefined);
  if (repeating) repeatStatements(session);
  return new PostgresJsDatabase(dialect, session, undefined) as unknown as Queries;
}

/** Repeats single statements, where that is safe, and maps their errors. A transaction is repeated as a whole. */
function repeatStatements(session: Pick<PgSession, "prepareQuery">): void {
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...query) => {
    const prepared = prepareQuery(...query);
    const execute = prepared.execute.bind(prepared);
    const [, , , , , metadata] = query;
    prepared.execute = async (parameters) =>
      await withRetry(async () => await execute(parameters), { isRepeatable: metadata?.type === "select" });
    return prepared;
  };
}

async function transaction<T>(client: Sql, steps: (tx: Queries) => Steps<T>): Promise<T> {
  // The commit may have happened although its answer did not arrive.
  const attempt = { isRepeatable: true, readsFirst: true };
  const result = await withRetry(async () => {
    attempt.isRepeatable = true;
    return await client.begin("isolation level serializable", async (connection) => {
      const value = await runSteps(steps(queriesOf(connection as unknown as Sql)));
      attempt.isRepeatable = false;
      return { value };
    });
  }, attempt);
  return (result as { readonly value: T }).value;
}

async function runSteps<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (step.done !== true) step = steps.next(await step.value);
  return step.value;
}

/** Identifies the lock that processes take while they migrate. */
const migrationLock = 4_857_143_266;

/**
 * Applies the migrations that the database does not have yet, in one transaction. Several processes may do so concurrently: each
 * waits for the lock, which its transaction holds until its end.
 */
async function migrate(client: Sql): Promise<void> {
  const steps = readMigrationFiles({ migrationsFolder });
  await client.begin(async (tx) => {
    await tx`SET LOCAL statement_timeout = 0`;
    await tx`SELECT pg_advisory_xact_lock(${migrationLock})`;
    await tx`CREATE TABLE IF NOT EXISTS schema_version (id boolean PRIMARY KEY CHECK (id), version bigint NOT NULL)`;
    const [row] = await tx<{ version: number }[]>`SELECT version FROM schema_version`;
    const applied = row?.version ?? 0;
    if (applied > steps.length) throw new Error("a newer version of Duranium has migrated it");
    for (const statement of steps.slice(applied).flatMap((step) => step.sql)) await tx.unsafe(statement);
    await tx`INSERT INTO schema_version VALUES (true, ${steps.length})
      ON CONFLICT (id) DO UPDATE SET version = excluded.version`;
  });
}
