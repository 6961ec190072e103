import { expect, test } from "vitest";
import type { AuditFilter } from "../domain/audit-filter.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { createAuditLogStore } from "./audit-log.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";

describeOnEachDatabase("the audit log", (open) => {
  test("the audit log is listed newest first, page by page", async () => {
    await using database = await open();
    const store = createAuditLogStore(database);
    const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
    for (const at of [1, 2, 3]) await store.add({ ...entry, at, status: 201 });
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, after: first.next });
    expect([...first.items, ...second.items].map(({ at }) => at)).toEqual([3, 2, 1]);
    expect(second.next).toBeUndefined();
    expect(first.items[0]).toEqual({ ...entry, id: expect.any(Number), at: 3, status: 201 });
  });

  test("entries that arrive between two pages do not move the second one", async () => {
    await using database = await open();
    const store = createAuditLogStore(database);
    const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
    for (const at of [1, 2, 3]) await store.add({ ...entry, at, status: 201 });
    const first = await store.list({ limit: 2 });
    await Promise.all([4, 5].map(async (at) => await store.add({ ...entry, at, status: 201 })));
    const second = await store.list({ limit: 2, after: first.next });
    expect([...first.items, ...second.items].map(({ at }) => at)).toEqual([3, 2, 1]);
  });

  test("the audit log is filtered, and pages of matches are complete", async () => {
    await using database = await open();
    const store = createAuditLogStore(database);
    for (let at = 1; at <= 12; at++) {
      const actor = at % 2 === 0 ? "ci" : "root";
      const action = at % 3 === 0 ? "deployWorkflow" : "cancelExecution";
      const workflow = at > 6 ? { workflowId: "orders" as WorkflowId } : {};
      await store.add({
        actorId: actor,
        actor,
        action,
        subject: "/x",
        address: "::1",
        status: 201,
        at,
        ...workflow,
      });
    }
    const timesOf = async (filter: AuditFilter) => {
      const times: number[] = [];
      for (let after: number | undefined; ;) {
        const { items, next } = await store.list({ limit: 2, after }, filter);
        times.push(...items.map(({ at }) => at));
        if (next === undefined) return times;
        after = next;
      }
    };
    expect(await timesOf({ actor: "ci" })).toEqual([12, 10, 8, 6, 4, 2]);
    expect(await timesOf({ action: "deployWorkflow" })).toEqual([12, 9, 6, 3]);
    expect(await timesOf({ workflowId: "orders" as WorkflowId })).toEqual([12, 11, 10, 9, 8, 7]);
    expect(await timesOf({ actor: "ci", action: "deployWorkflow", after: 6, before: 12 })).toEqual([6]);
    expect(await timesOf({ actor: "missing" })).toEqual([]);
  });

  test("audit log entries are deleted above the maximum age or number", async () => {
    await using database = await open();
    const entry = { actorId: "root", actor: "root", action: "deployWorkflow", subject: "/x", address: "::1" };
    const retainedTimes = async (
      options: { retentionMs?: number; maxRecords?: number },
      times: readonly number[],
    ) => {
      const store = createAuditLogStore(database, { ...options, sweepRecords: 1 });
      for (const at of times) await store.add({ ...entry, at, status: 201 });
      return (await store.list({ limit: 100 })).items.map(({ at }) => at);
    };
    expect(await retainedTimes({ retentionMs: 100 }, [1, 2, 150, 160])).toEqual([160, 150]);
    expect(await retainedTimes({ maxRecords: 3 }, [170, 180, 190, 200])).toEqual([200, 190, 180]);
  });
});
