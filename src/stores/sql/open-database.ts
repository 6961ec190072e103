import type { Database, DatabaseOptions } from "./database.ts";
import { openSqlite } from "./sqlite.ts";

export interface DatabaseLocation {
  /** The path of the SQLite database. */
  readonly databaseUrl: string;
  /** If given, the database is PostgreSQL. */
  readonly postgresUrl: string | undefined;
}

/**
 * Opens the database, creates it if it is SQLite's and missing, and migrates its schema.
 *
 * @throws {DuraniumError} `internal`, with its location
 */
export async function openDatabase(
  { databaseUrl, postgresUrl }: DatabaseLocation,
  options: DatabaseOptions,
): Promise<Database> {
  if (postgresUrl === undefined) return openSqlite(databaseUrl);
  const { openPostgres } = await import("./postgres.ts");
  return await openPostgres(postgresUrl, options);
}

/** The location of a database for messages, without a password. */
export function shownLocation({ databaseUrl, postgresUrl }: DatabaseLocation): string {
  if (postgresUrl === undefined) return databaseUrl;
  return postgresUrl.replace(/\/\/[^@/]*@/, "//").replace(/\?.*$/, "");
}

/** The hosts and ports of a PostgreSQL URL, of which it may have several. */
export function hostsOf(
  postgresUrl: string,
): readonly { readonly hostname: string; readonly port: number }[] {
  const [, hosts = ""] = /^\w+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(postgresUrl) ?? [];
  return hosts.split(",").map((host) => {
    const [, hostname = "", port = "5432"] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
    return { hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
  });
}
