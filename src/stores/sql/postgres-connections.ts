import { setTimeout as delay } from "node:timers/promises";
import { Client, Pool, types } from "pg";
import type { ClientBase, ClientConfig } from "pg";
import { ClosedError, connectionErrorOf, hasLostConnection, StandbyError } from "./postgres-errors.ts";

/** Connections to that one of several servers which accepts changes, also after a standby was promoted. */
export interface PostgresConnections extends AsyncDisposable {
  /** Works on a connection of a pool. One that was lost is not used again. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Opens a connection that is not one of the pool. */
  open(): Promise<Client>;
}

export type Connection = Pick<ClientBase, "query">;

/** PostgreSQL has a process for each connection, and all processes of an installation share its limit of 100 by default. */
const maxConnections = 10;

const idleTimeoutMs = 60_000;

const connectTimeoutMs = 3_000;

/** How long a statement may take. All are short; only a database that is overloaded or blocked exceeds it. */
const statementTimeoutMs = 10_000;

/** How long a response may take: longer than its statement. Then the server, or the network to it, is gone without a word. */
const responseTimeoutMs = statementTimeoutMs + 3_000;

/** How long statements in flight may take when the process stops. */
const closeTimeoutMs = 5_000;

/** For the statements of a migration, which take as long as they need. */
export const unlimited = { query_timeout: 2 ** 31 - 1 };

const settings: ClientConfig = {
  connectionTimeoutMillis: connectTimeoutMs,
  statement_timeout: statementTimeoutMs,
  idle_in_transaction_session_timeout: statementTimeoutMs,
  query_timeout: responseTimeoutMs,
  // With the probes that Node sends after it, a connection that is not in use is lost after 20 s of silence.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

// `bigint`, which `count()` also returns, and `numeric`, which sums are, as numbers.
for (const type of [types.builtins.INT8, types.builtins.NUMERIC]) types.setTypeParser(type, Number);

/** @param name by which PostgreSQL knows the connections */
export function createConnections(url: string, name: string): PostgresConnections {
  const servers = createServers(url);
  class ClientOfServer extends Client {
    constructor(config?: ClientConfig) {
      super({ ...settings, application_name: name, ...config, connectionString: servers.current() });
    }
  }
  const pool = new Pool({
    ...settings,
    max: maxConnections,
    idleTimeoutMillis: idleTimeoutMs,
    Client: ClientOfServer,
    verify: (client, done) => void refuseStandby(client).then(() => done(), done),
  });
  // The next statement reports that its connection is lost. Without a listener, the event would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  return {
    async use(work) {
      if (pool.ending) throw new ClosedError();
      const client = await servers.connect(async () => await pool.connect());
      let isLost = false;
      try {
        return await work(reporting(client));
      } catch (error) {
        isLost = hasLostConnection(error);
        throw error;
      } finally {
        client.release(isLost);
      }
    },
    async open() {
      return await servers.connect(async () => {
        const client = new ClientOfServer();
        client.on("error", () => {});
        try {
          await client.connect();
          await refuseStandby(client);
          return client;
        } catch (error) {
          void client.end();
          throw error;
        }
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.race([pool.end(), delay(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

/** The location of the database as in its URL, without credentials. */
export function nameOf(url: string): string {
  const { hosts, path } = partsOf(url);
  return `postgres://${hosts}${path}`;
}

/** The servers of a URL. After a connection to one failed, the next one is used. */
function createServers(url: string) {
  const { start, hosts, path, query } = partsOf(url);
  // The names of `sslmode` mean what they mean for PostgreSQL's own programs.
  const options = new URLSearchParams(query);
  options.set("uselibpqcompat", "true");
  const urls = hosts.split(",").map((host) => `${start}${host}${path}?${options.toString()}`);
  let index = 0;
  return {
    current: () => urls[index] ?? url,
    async connect<T>(connect: () => Promise<T>): Promise<T> {
      const tried = index;
      try {
        return await connect();
      } catch (error) {
        // Others may have found the next one meanwhile.
        if (index === tried) index = (index + 1) % urls.length;
        throw connectionErrorOf(error, "connect");
      }
    },
  };
}

/** A URL with several hosts is none for `URL`. */
function partsOf(url: string) {
  const [, start = "", hosts = "", path = "", query = ""] =
    /^([^:]+:\/\/(?:[^@/?]*@)?)([^/?]*)([^?]*)\??(.*)$/.exec(url) ?? [];
  return { start, hosts, path, query };
}

async function refuseStandby(client: ClientBase): Promise<void> {
  const query = { text: `SELECT pg_is_in_recovery() AS "isStandby"`, query_timeout: connectTimeoutMs };
  const { rows } = await client.query<{ isStandby: boolean }>(query);
  if (rows[0]?.isStandby === true) throw new StandbyError();
}

/** Errors of the driver have no code. They say that the connection is lost. */
function reporting(client: ClientBase): Connection {
  const ask = client.query.bind(client) as unknown as (...given: readonly unknown[]) => Promise<unknown>;
  const query = async (...given: readonly unknown[]) => {
    try {
      return await ask(...given);
    } catch (error) {
      throw connectionErrorOf(error, "use");
    }
  };
  return { query: query as unknown as ClientBase["query"] };
}
