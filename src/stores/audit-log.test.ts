import { expect, it } from "vitest";
import { createAuditLogStore } from "./audit-log.ts";
import { openDatabase } from "./database.ts";

it("the audit log is listed from its newest entry back, a page at a time", () => {
  using database = openDatabase(":memory:");
  const store = createAuditLogStore(database);
  const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
  for (const at of [1, 2, 3]) store.add({ ...entry, at, status: 201 });
  const first = store.list({ limit: 2 });
  const second = store.list({ limit: 2, after: first.next });
  expect([...first.items, ...second.items].map(({ at }) => at)).toEqual([3, 2, 1]);
  expect(second.next).toBeUndefined();
  expect(first.items[0]).toEqual({ ...entry, id: 3, at: 3, status: 201 });
});

it("the audit log loses its oldest entries where they are too old, or too many", () => {
  using database = openDatabase(":memory:");
  const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
  const idsKept = (options: { retentionMs?: number; maxRecords?: number }, times: readonly number[]) => {
    const store = createAuditLogStore(database, { ...options, sweepRecords: 2 });
    for (const at of times) store.add({ ...entry, at, status: 201 });
    return store.list({ limit: 100 }).items.map(({ id }) => id);
  };
  expect(idsKept({ retentionMs: 100 }, [1, 2, 150, 160])).toEqual([4, 3]);
  expect(idsKept({ maxRecords: 3 }, [170, 180, 190, 200])).toEqual([8, 7, 6]);
});
