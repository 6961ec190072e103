import { serverName } from "../stores/sql/database.ts";
import type { Database } from "../stores/sql/database.ts";
import { sql } from "../stores/sql/drizzle.ts";

/** @throws {Error} if a server uses the database. SQLite does not know who uses a file. */
export async function assertUnused({ dialect, queries }: Database): Promise<void> {
  if (dialect !== "postgres") return;
  const [row] = await queries
    .select({ count: sql<number>`count(*)` })
    .from(sql`pg_stat_activity`)
    .where(sql`datname = current_database() AND application_name = ${serverName}`);
  if (row === undefined || row.count === 0) return;
  throw new Error(
    `${row.count} connections of servers use the destination. Stop these servers, or choose another database`,
  );
}
