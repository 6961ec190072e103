import { expect, test } from "vitest";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { createWorkflowPauseStore } from "./workflow-pauses.ts";

const workflowId = "order-sync" as WorkflowId;
const [first, second] = ["inv_1", "inv_2"] as unknown as readonly [ExecutionId, ExecutionId];

describeOnEachDatabase("the store of pauses", (open) => {
  test("a further pause replaces the note and still includes running executions", async () => {
    await using database = await open();
    const store = createWorkflowPauseStore(database);
    expect([await store.get(workflowId), (await store.all()).size]).toEqual([undefined, 0]);
    await store.set(workflowId, { at: 1, by: "ops", note: "maintenance", running: true });
    expect(await store.get(workflowId)).toEqual({ at: 1, by: "ops", note: "maintenance", running: true });
    await store.set(workflowId, { at: 2, by: "root", running: false });
    expect((await store.all()).get(workflowId)).toEqual({ at: 2, by: "root", running: true });
    await store.remove(workflowId);
    await store.set(workflowId, { at: 3, by: "root", running: false });
    expect((await store.get(workflowId))?.running).toBe(false);
  });

  test("executions are resumable once their workflow is, and exempt ones are not paused", async () => {
    await using database = await open();
    const store = createWorkflowPauseStore(database);
    await store.set(workflowId, { at: 1, by: "ops", running: true });
    expect(await store.add({ executionId: first, workflowId })).toBe(true);
    await store.exempt({ executionId: second, workflowId });
    expect(await store.add({ executionId: second, workflowId })).toBe(false);
    expect(await store.pausedOf([first, second])).toEqual(new Set([first]));
    expect(await store.resumable(10)).toEqual([]);
    await store.remove(workflowId);
    expect(await store.resumable(10)).toEqual([
      { executionId: first, workflowId, exempt: false },
      { executionId: second, workflowId, exempt: true },
    ]);
    await store.forget(first);
    expect((await store.resumable(10)).map(({ executionId }) => executionId)).toEqual([second]);
  });
});
