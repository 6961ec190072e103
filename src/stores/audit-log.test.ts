import { expect, test } from "vitest";
import type { AuditFilter } from "../domain/audit-filter.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { createAuditLogStore } from "./audit-log.ts";
import { openSqlite } from "./sql/sqlite.ts";

test("the audit log is listed newest first, page by page", () => {
  using database = openSqlite(":memory:");
  const store = createAuditLogStore(database);
  const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
  for (const at of [1, 2, 3]) store.add({ ...entry, at, status: 201 });
  const first = store.list({ limit: 2 });
  const second = store.list({ limit: 2, after: first.next });
  expect([...first.items, ...second.items].map(({ at }) => at)).toEqual([3, 2, 1]);
  expect(second.next).toBeUndefined();
  expect(first.items[0]).toEqual({ ...entry, id: 3, at: 3, status: 201 });
});

test("the audit log is filtered, and pages of matches are complete", () => {
  using database = openSqlite(":memory:");
  const store = createAuditLogStore(database);
  for (let at = 1; at <= 12; at++) {
    const actor = at % 2 === 0 ? "ci" : "root";
    const action = at % 3 === 0 ? "deployWorkflow" : "cancelExecution";
    const workflow = at > 6 ? { workflowId: "orders" as WorkflowId } : {};
    store.add({ actorId: actor, actor, action, subject: "/x", address: "::1", status: 201, at, ...workflow });
  }
  const timesOf = (filter: AuditFilter) => {
    const times: number[] = [];
    for (let after: number | undefined; ;) {
      const { items, next } = store.list({ limit: 2, after }, filter);
      times.push(...items.map(({ at }) => at));
      if (next === undefined) return times;
      after = next;
    }
  };
  expect(timesOf({ actor: "ci" })).toEqual([12, 10, 8, 6, 4, 2]);
  expect(timesOf({ action: "deployWorkflow" })).toEqual([12, 9, 6, 3]);
  expect(timesOf({ workflowId: "orders" as WorkflowId })).toEqual([12, 11, 10, 9, 8, 7]);
  expect(timesOf({ actor: "ci", action: "deployWorkflow", after: 6, before: 12 })).toEqual([6]);
  expect(timesOf({ actor: "missing" })).toEqual([]);
});

test("audit log entries are deleted above the maximum age or number", () => {
  using database = openSqlite(":memory:");
  const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
  const retainedIds = (options: { retentionMs?: number; maxRecords?: number }, times: readonly number[]) => {
    const store = createAuditLogStore(database, { ...options, sweepRecords: 2 });
    for (const at of times) store.add({ ...entry, at, status: 201 });
    return store.list({ limit: 100 }).items.map(({ id }) => id);
  };
  expect(retainedIds({ retentionMs: 100 }, [1, 2, 150, 160])).toEqual([4, 3]);
  expect(retainedIds({ maxRecords: 3 }, [170, 180, 190, 200])).toEqual([8, 7, 6]);
});
