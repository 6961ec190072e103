import { eq } from "drizzle-orm";
import { integer, pgTable, QueryBuilder, text } from "drizzle-orm/pg-core";
export function run() {
  const table = pgTable("t", { a: integer("a"), b: text("b") });
  return new QueryBuilder().select().from(table).where(eq(table.a, 1)).toSQL();
}
