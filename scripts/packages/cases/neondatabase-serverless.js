import { neon } from "@neondatabase/serverless";
export async function run() {
  const sql = neon("postgres://u:p@a.test/db");
  return sql`SELECT ${1}`.queryData ?? typeof sql;
}
