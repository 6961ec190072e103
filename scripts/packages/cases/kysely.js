import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
export function run() {
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  const { sql, parameters } = new Kysely({ dialect })
    .selectFrom("t")
    .selectAll()
    .where("a", "=", 1)
    .compile();
  return [sql, parameters];
}
