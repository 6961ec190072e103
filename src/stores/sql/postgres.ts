import { fileURLToPath } from "node:url";
import type { PoolClient, QueryResultRow } from "pg";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { PostgresCoordination } from "../coordination/postgres-coordination.ts";
import { postgresColumns } from "./columns-postgres.ts";
import { serverName } from "./database.ts";
import type { Database, DatabaseOptions, Queries, Steps } from "./database.ts";
import { readMigrationFiles, sql } from "./drizzle.ts";
import { NodePgDatabase, NodePgSession, pg } from "./drizzle-postgres.ts";
import { createConnections, nameOf, unlimited } from "./postgres-connections.ts";
import type { Connection, PostgresConnections } from "./postgres-connections.ts";
import { hasLostConnection, withRetry } from "./postgres-errors.ts";
import { tablesOf } from "./tables.ts";

const migrationsFolder = fileURLToPath(new URL("../../../migrations/postgres", import.meta.url));

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
  const connections = createConnections(url, applicationName);
  try {
    await withRetry(async () => await connections.use(migrate), { isRepeatable: true });
  } catch (error) {
    await connections[Symbol.asyncDispose]();
    throw new DuraniumError("internal", `Cannot open the database ${nameOf(url)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const queries = repeatedQueriesOn(connections);
  const coordination = new PostgresCoordination({ connect: async () => await connections.open(), logger });
  return {
    lease: (name, start) => coordination.lease(name, start),
    publish: (topic, key) => coordination.publish(topic, key),
    subscribe: (topic, listener) => coordination.subscribe(topic, listener),
    dialect: "postgres",
    tables: tablesOf(postgresColumns),
    queries,
    transaction: async (steps) => await transaction(connections, steps),
    snapshot: async (read) => await snapshot(connections, read),
    check: async () => void (await queries.select({ one: sql`1` }).from(sql`(SELECT 1) AS one`)),
    async [Symbol.asyncDispose]() {
      await coordination[Symbol.asyncDispose]();
      await connections[Symbol.asyncDispose]();
    },
  };
}

const dialect = new pg.PgDialect();

type PostgresSession = InstanceType<typeof NodePgSession<Record<string, never>, Record<string, never>>>;

function sessionOn(connection: Connection): PostgresSession {
  return new NodePgSession(connection as PoolClient, dialect, undefined);
}

function queriesOf(session: PostgresSession): Queries {
  return new NodePgDatabase(dialect, session, undefined) as unknown as Queries;
}

/** Repeats single statements, where that is safe, and maps their errors. A transaction is repeated as a whole. */
function repeatedQueriesOn(connections: PostgresConnections): Queries {
  const session = sessionOn({ query: unconnected });
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (query, fields, name, ...rest) => {
    const prepared = prepareQuery(
      query,
      fields,
      name === undefined ? undefined : nameFor(query.sql),
      ...rest,
    );
    const execute = prepared.execute.bind(prepared);
    const [, , metadata] = rest;
    const executeOn = async (client: Connection, parameters: Record<string, unknown> | undefined) => {
      // Drizzle reads it as soon as it executes.
      Object.assign(prepared, { client });
      return await execute(parameters);
    };
    prepared.execute = async (parameters) =>
      await withRetry(
        async () => await connections.use(async (client) => await executeOn(client, parameters)),
        { isRepeatable: metadata?.type === "select" },
      );
    return prepared;
  };
  return queriesOf(session);
}

function unconnected(): never {
  throw new Error("A statement has no connection");
}

/** PostgreSQL parses a statement with a name once for each connection. */
function nameFor(statement: string): string {
  return digestOf(statement).slice(-32);
}

async function transaction<T>(
  connections: PostgresConnections,
  steps: (tx: Queries) => Steps<T>,
): Promise<T> {
  // The commit may have happened although its answer did not arrive.
  const attempt = { isRepeatable: true, readsFirst: true };
  const begin = "BEGIN ISOLATION LEVEL SERIALIZABLE";
  return await withRetry(async () => {
    attempt.isRepeatable = true;
    return await connections.use(async (connection) =>
      atomically(connection, begin, async () => {
        const value = await runSteps(steps(queriesOf(sessionOn(connection))));
        attempt.isRepeatable = false;
        return value;
      }),
    );
  }, attempt);
}

/** The transaction may be idle for long: what is read may take longer to write elsewhere. */
async function snapshot<T>(
  connections: PostgresConnections,
  read: (queries: Queries) => Promise<T>,
): Promise<T> {
  const begin =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0";
  const attempt = async () =>
    await connections.use(async (connection) =>
      atomically(connection, begin, async () => await read(queriesOf(sessionOn(connection)))),
    );
  return await withRetry(attempt, { isRepeatable: false });
}

/** A connection that is lost rolls back by itself. */
async function atomically<T>(connection: Connection, begin: string, work: () => Promise<T>): Promise<T> {
  await connection.query(begin);
  try {
    const value = await work();
    await connection.query("COMMIT");
    return value;
  } catch (error) {
    if (!hasLostConnection(error)) await connection.query("ROLLBACK");
    throw error;
  }
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
async function migrate(connection: Connection): Promise<void> {
  const steps = readMigrationFiles({ migrationsFolder });
  const run = async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await connection.query<Row>({ text, values: [...values], ...unlimited })).rows;
  await atomically(connection, "BEGIN", async () => {
    await run("SET LOCAL statement_timeout = 0");
    await run("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
    await run(
      "CREATE TABLE IF NOT EXISTS schema_version (id boolean PRIMARY KEY CHECK (id), version bigint NOT NULL)",
    );
    const [row] = await run<{ version: number }>("SELECT version FROM schema_version");
    const applied = row?.version ?? 0;
    if (applied > steps.length) throw new Error("a newer version of Duranium has migrated it");
    for (const statement of steps.slice(applied).flatMap((step) => step.sql)) await run(statement);
    await run(
      `INSERT INTO schema_version VALUES (true, $1)
      ON CONFLICT (id) DO UPDATE SET version = excluded.version`,
      [steps.length],
    );
  });
}
