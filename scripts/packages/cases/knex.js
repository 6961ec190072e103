import knex from "knex";
export function run() {
  const builder = knex({ client: "pg" });
  return builder("t").where({ a: 1 }).orderBy("b").limit(2).toQuery();
}
