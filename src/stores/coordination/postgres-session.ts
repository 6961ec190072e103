import type { Sql } from "postgres";
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

/** Options of a client that has one connection. */
export interface SessionOptions {
  readonly max: 1;
  readonly idle_timeout: 0;
  readonly max_lifetime: null;
  readonly fetch_types: false;
  readonly onclose: () => void;
  /** An option of postgres.js that its types leave out. */
  readonly onnotify: (channel: string, notice: string) => void;
}

/** A client of the database with these options. */
export type Connect = (options: SessionOptions) => Sql;

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
  const losing = new AbortController();
  const lose = (error: unknown) => losing.abort(error);
  const sql = connect({
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onclose: () => lose(new Error("The connection to the database was lost")),
    onnotify: (_channel, notice) => onNotice(notice),
  });
  const stop = () => lose(stopping.reason);
  stopping.addEventListener("abort", stop, { once: true });
  losing.signal.addEventListener("abort", () => stopping.removeEventListener("abort", stop));
  const ask = async <T>(query: PromiseLike<T>) => await answerOf(query, losing);
  const session = sessionOn(sql, { ask, lost: losing.signal });
  try {
    await ask(sql`
      SELECT set_config(name, value, false)
      FROM json_each_text(${JSON.stringify(keepAlive)}::text::json) AS settings(name, value)`);
    await ask(sql`LISTEN ${sql(channel)}`);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** The session is lost if the database does not answer in time. */
async function answerOf<T>(query: PromiseLike<T>, losing: AbortController): Promise<T> {
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

interface SessionParts {
  readonly ask: <T>(query: PromiseLike<T>) => Promise<T>;
  readonly lost: AbortSignal;
}

function sessionOn(sql: Sql, { ask, lost }: SessionParts): Session {
  return {
    lost,
    async lock(names) {
      const rows = await ask(sql<{ name: string; isLocked: boolean }[]>`
        SELECT name, pg_try_advisory_lock(hashtextextended(name, ${lockSeed}::bigint)) AS "isLocked"
        FROM json_array_elements_text(${JSON.stringify(names)}::text::json) AS names(name)`);
      return rows.filter(({ isLocked }) => isLocked).map(({ name }) => name);
    },
    async unlock(name) {
      await ask(sql`SELECT pg_advisory_unlock(hashtextextended(${name}::text, ${lockSeed}::bigint))`);
    },
    async notify(notices) {
      await ask(sql`
        SELECT pg_notify(${channel}, notice)
        FROM json_array_elements_text(${JSON.stringify(notices)}::text::json) AS notices(notice)`);
    },
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
    },
  };
}

/** Keeps the locks of leases apart from others that are made of a text. */
const lockSeed = 7_265_173;
