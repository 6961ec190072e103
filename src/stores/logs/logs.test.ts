import { expect, test } from "vitest";
import { openSqlite } from "../sql/sqlite.ts";
import { executionNumbered, lineNumbered, rowNumbered } from "../testing/log-lines.ts";
import { createLogStore } from "./logs.ts";

const first = executionNumbered(1);
const second = executionNumbered(2);

test("lines are read unchanged, in order, per execution", () => {
  using database = openSqlite(":memory:");
  const store = createLogStore(database);
  store.append([rowNumbered(first, 1), rowNumbered(second, 0), rowNumbered(first, 0)]);
  expect(store.list(first, { limit: 10 })).toEqual({ items: [lineNumbered(0), lineNumbered(1)] });
  expect(store.list(second, { limit: 10 })).toEqual({ items: [lineNumbered(0)] });
});

test("an existing line is not overwritten, and new lines are added", () => {
  using database = openSqlite(":memory:");
  const store = createLogStore(database);
  store.append([rowNumbered(first, 0)]);
  store.append([{ ...rowNumbered(first, 0), line: '["another"]' }, rowNumbered(first, 1)]);
  expect(store.list(first, { limit: 10 }).items).toEqual([lineNumbered(0), lineNumbered(1)]);
});

test("lines are paged by number and filtered by level", () => {
  using database = openSqlite(":memory:");
  const store = createLogStore(database);
  const levels = ["debug", "info", "warn", "error"] as const;
  store.append(levels.map((level, number) => ({ ...rowNumbered(first, number), level })));
  const page = store.list(first, { limit: 1 }, ["warn", "error"]);
  expect(page.items.map(({ level }) => level)).toEqual(["warn"]);
  expect(page.next).toBe(2);
  const last = store.list(first, { limit: 1, after: 2 }, ["warn", "error"]);
  expect(last.items.map(({ level }) => level)).toEqual(["error"]);
  expect(last.next).toBeUndefined();
});

test("executions with lines are listed page by page until their lines are deleted", () => {
  using database = openSqlite(":memory:");
  const store = createLogStore(database);
  const ids = [1, 2, 3, 4].map(executionNumbered);
  store.append(ids.flatMap((id) => [rowNumbered(id, 0), rowNumbered(id, 1)]));
  expect(store.executions({ limit: 3 })).toEqual(ids.slice(0, 3));
  expect(store.executions({ limit: 3, after: ids[2] })).toEqual(ids.slice(3));
  store.remove(ids.slice(1, 3));
  expect(store.executions({ limit: 10 })).toEqual([ids[0], ids[3]]);
});
