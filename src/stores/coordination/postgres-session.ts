import { setTimeout as delay } from "node:timers/promises";
import type { Client, QueryResultRow } from "pg";
import { lostAfterMs } from "./coordination.ts";

/**
 * One connection to PostgreSQL with what belongs to it: advisory locks, which the database releases when the connection
 * ends, and the notices of other processes. It is never replaced by another connection: once it is lost, so are its locks.
 */
export interface Session extends AsyncDisposable {
  /** Aborts when the connection is lost. */
  readonly lost: AbortSignal;
  /** Locks those of these names that no other session has locked, and returns them. Also checks the connection. */
  lock(names: readonly string[]): Promise<readonly string[]>;
  unlock(name: string): Promise<void>;
  notify(notices: readonly string[]): Promise<void>;
}

/** Makes a connection, within a limited time. */
export type Connect = () => Promise<Client>;

const channel = "duranium";

/**
 * Rejects if the database does not answer in time.
 *
 * @param stopping ends the session
 */
export async function openSession(
  connect: Connect,
  onNotice: (notice: string) => void,
  stopping: AbortSignal,
): Promise<Session> {
  const client = await connect();
  const losing = new AbortController();
  const lose = (error: unknown) => losing.abort(error);
  const stop = () => lose(stopping.reason);
  stopping.addEventListener("abort", stop, { once: true });
  losing.signal.addEventListener("abort", () => stopping.removeEventListener("abort", stop));
  if (stopping.aborted) stop();
  for (const event of ["error", "end"] as const)
    client.on(event, () => lose(new Error("The connection to the database was lost")));
  client.on("notification", ({ payload = "" }) => onNotice(payload));
  const session = sessionOn(client, losing);
  try {
    await askOn(client, losing)(
      "SELECT set_config(name, value, false) FROM json_each_text($1) AS settings(name, value)",
      JSON.stringify(keepAlive),
    );
    await askOn(client, losing)(`LISTEN ${channel}`);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

type Ask = <Row extends QueryResultRow>(
  text: string,
  ...values: readonly unknown[]
) => Promise<readonly Row[]>;

function askOn(client: Client, losing: AbortController): Ask {
  return async <Row extends QueryResultRow>(text: string, ...values: readonly unknown[]) =>
    (await answerOf(client.query<Row>(text, [...values]), losing)).rows;
}

/** The session is lost if the database does not answer in time. */
async function answerOf<T>(query: Promise<T>, losing: AbortController): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const { signal } = losing;
  const onLost = () => reject(signal.reason as Error);
  const timer = setTimeout(() => losing.abort(new Error("The database does not answer")), lostAfterMs);
  if (signal.aborted) onLost();
  signal.addEventListener("abort", onLost, { once: true });
  query.then(resolve, reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onLost);
  }
}

/** How soon the database ends a session whose machine is gone: settings of PostgreSQL, in seconds and milliseconds. */
const keepAlive = {
  tcp_keepalives_idle: "4",
  tcp_keepalives_interval: "2",
  tcp_keepalives_count: "2",
  tcp_user_timeout: "8000",
};

function sessionOn(client: Client, losing: AbortController): Session {
  const ask = askOn(client, losing);
  return {
    lost: losing.signal,
    async lock(names) {
      const rows = await ask<{ name: string; isLocked: boolean }>(
        `SELECT name, pg_try_advisory_lock(hashtextextended(name, $2)) AS "isLocked"
        FROM json_array_elements_text($1) AS names(name)`,
        JSON.stringify(names),
        lockSeed,
      );
      return rows.filter(({ isLocked }) => isLocked).map(({ name }) => name);
    },
    async unlock(name) {
      await ask("SELECT pg_advisory_unlock(hashtextextended($1, $2))", name, lockSeed);
    },
    async notify(notices) {
      await ask(
        "SELECT pg_notify($2, notice) FROM json_array_elements_text($1) AS notices(notice)",
        JSON.stringify(notices),
        channel,
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.race([client.end(), delay(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

const closeTimeoutMs = 1_000;

/** Keeps the locks of leases apart from others that are made of a text. */
const lockSeed = 7_265_173;
