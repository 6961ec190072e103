import { describe, expect, test } from "vitest";
import { assertQueryAllowed } from "./restate-query.ts";

const ask = (query: unknown) => () => assertQueryAllowed(Buffer.from(JSON.stringify({ query })));

describe("a query of the Restate UI", () => {
  test.each([
    "SELECT id FROM sys_invocation WHERE status IN ('running', 'ready') ORDER BY modified_at DESC LIMIT 100",
    "-- of the page\n/* twice */ with one as (select 1) select * from one",
    `select * from sys_journal where id in (${Array.from({ length: 500 }, (_, n) => `'inv_${n}'`).join(", ")})`,
    "select 'it''s; SET x = 1 -- no comment', \"and /* this */ neither\"",
    `select ${"'1+1+1+1'".repeat(2_000)}`,
  ])("is forwarded: %.60s", (query) => {
    expect(ask(query)).not.toThrow();
  });

  test.each([
    "SET datafusion.runtime.memory_limit = '8G'",
    "/* select */ set datafusion.catalog.default_schema='nope'",
    "-- select\nPREPARE x AS SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "(select 1)",
    "",
  ])("a statement that is not a query is rejected: %s", (query) => {
    expect(ask(query)).toThrow("only queries are");
  });

  test.each([
    [`select ${"1+".repeat(2_000)}1`, "2001 operators"],
    [`select * from t where ${"a = 1 or ".repeat(3_000)}true`, "operators"],
    [`select ${"not ".repeat(2_000)}true`, "2001 operators"],
    [`select ${"(".repeat(2_000)}1${")".repeat(2_000)}`, "2000 parentheses"],
    [`select ${"1/**/+".repeat(2_000)}1`, "2001 operators"],
  ])("a query with a deeply nested plan is rejected: %.40s", (query, fault) => {
    expect(ask(query)).toThrow(fault);
  });

  test.each(["{", "[]", "null", '{"query":7}', "\xff"])("is rejected if the body is %s", (body) => {
    expect(() => assertQueryAllowed(Buffer.from(body, "latin1"))).toThrow("Cannot read the query");
  });
});
