import pg from "pg";
export function run() {
  return [pg.escapeIdentifier('a"b'), pg.escapeLiteral("it's"), typeof pg.Client];
}
