import { expect, test } from "vitest";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { createWorkflowPauseStore } from "./workflow-pauses.ts";

const workflowId = "order-sync" as WorkflowId;
const [first, second] = ["inv_1", "inv_2"] as unknown as readonly [ExecutionId, ExecutionId];

test("a further pause replaces the note and still includes running executions", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowPauseStore(database);
  expect([store.get(workflowId), store.all().size]).toEqual([undefined, 0]);
  store.set(workflowId, { at: 1, by: "ops", note: "maintenance", running: true });
  expect(store.get(workflowId)).toEqual({ at: 1, by: "ops", note: "maintenance", running: true });
  store.set(workflowId, { at: 2, by: "root", running: false });
  expect(store.all().get(workflowId)).toEqual({ at: 2, by: "root", running: true });
  store.remove(workflowId);
  store.set(workflowId, { at: 3, by: "root", running: false });
  expect(store.get(workflowId)?.running).toBe(false);
});

test("executions are resumable once their workflow is, and exempt ones are not paused", () => {
  using database = openSqlite(":memory:");
  const store = createWorkflowPauseStore(database);
  store.set(workflowId, { at: 1, by: "ops", running: true });
  expect(store.add({ executionId: first, workflowId })).toBe(true);
  store.exempt({ executionId: second, workflowId });
  expect(store.add({ executionId: second, workflowId })).toBe(false);
  expect(store.pausedOf([first, second])).toEqual(new Set([first]));
  expect(store.resumable(10)).toEqual([]);
  store.remove(workflowId);
  expect(store.resumable(10)).toEqual([
    { executionId: first, workflowId, exempt: false },
    { executionId: second, workflowId, exempt: true },
  ]);
  store.forget(first);
  expect(store.resumable(10).map(({ executionId }) => executionId)).toEqual([second]);
});
