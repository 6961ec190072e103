import { expect, test } from "vitest";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import { openSqlite } from "../../stores/sql/sqlite.ts";
import { executionNumbered } from "../../stores/testing/log-lines.ts";
import { collectingLogger } from "../../stores/testing/logger.ts";
import { createWorkflowSettingsStore } from "../../stores/workflow-settings.ts";
import { sweepExecutions } from "./execution-retention.ts";

const ids = [1, 2, 3, 4, 5].map(executionNumbered);
const hourMs = 60 * 60 * 1_000;
const now = Date.UTC(2026, 0, 31, 9, 30);

test("Restate is not queried if no workflow has a shorter retention than the operator", async () => {
  using restate = await open({ whole: { retentionHours: 720 }, more: { retentionHours: 800 }, none: {} });
  await sweepExecutions(restate, now);
  expect(restate.asked).toEqual([]);
});

test("expired executions are queried by workflow, in batches of workflows", async () => {
  const settings = Array.from({ length: 51 }, (_, index) => [`w-${100 + index}`, { retentionHours: 719 }]);
  using restate = await open({ "a-1": { retentionHours: 1 }, ...Object.fromEntries(settings), whole: {} });
  await sweepExecutions(restate, now);
  expect(restate.asked.map((query) => query.split("completed_at <").length - 1)).toEqual([50, 2]);
  expect(restate.asked[0]).toContain(
    `(target_service_key = 'a-1' AND completed_at < to_timestamp_millis(${now - hourMs}))`,
  );
  expect(restate.asked[1]).toContain(
    `(target_service_key = 'w-150' AND completed_at < to_timestamp_millis(${now - 719 * hourMs}))`,
  );
});

test("all expired executions are purged in batches, with their console lines", async () => {
  using restate = await open({ brief: { retentionHours: 1 } });
  await sweepExecutions(restate, now, { limit: 2 });
  expect(restate.purged).toEqual(ids);
  expect(restate.removed).toEqual(ids);
  expect(restate.cleared).toEqual(ids.map((id) => `Execution/${id}`));
  expect(restate.asked).toHaveLength(3);
  expect(restate.problems).toEqual([]);
});

test("an execution that cannot be purged is logged, keeps its lines, and does not block others", async () => {
  const refusals = new Map([
    [ids[1], new DuraniumError("restate-unavailable", "Restate answered 500: no")],
    [ids[2], new DuraniumError("execution-not-found", "There is no such execution")],
  ]);
  using restate = await open({ brief: { retentionHours: 1 } }, (id) => refusals.get(id));
  await sweepExecutions(restate, now, { limit: 2 });
  expect(restate.purged).toEqual([ids[0], ids[3], ids[4]]);
  expect(restate.removed).toEqual(restate.purged);
  expect(restate.problems).toEqual([
    expect.stringMatching(/^cannot purge execution inv_\w+: Restate answered 500: no$/),
  ]);
});

test("no execution is purged after shutdown has started", async () => {
  using restate = await open({ brief: { retentionHours: 1 } });
  await sweepExecutions(restate, now, { signal: AbortSignal.abort() });
  expect(restate.purged).toEqual([]);
});

/** A fake Restate in which `ids` have expired, and the requests that it received. */
async function open(
  settings: Readonly<Record<string, WorkflowSettings>>,
  refusalOf: (id: ExecutionId) => Error | undefined = () => undefined,
) {
  const database = openSqlite(":memory:");
  const store = createWorkflowSettingsStore(database);
  for (const [id, each] of Object.entries(settings)) await store.set(id as WorkflowId, each, now);
  const asked: string[] = [];
  const purged: ExecutionId[] = [];
  const removed: ExecutionId[] = [];
  const cleared: string[] = [];
  const problems: string[] = [];
  return {
    asked,
    purged,
    removed,
    cleared,
    problems,
    settings: store,
    maxRetentionHours: 720,
    restate: {
      async query(query: string) {
        asked.push(query);
        const after = /id > '(\w+)'/.exec(query)?.[1] ?? "";
        const limit = Number(/LIMIT (\d+)$/.exec(query)?.[1]);
        const due = ids.filter((id) => query.includes("'brief'") && id > after);
        return due.slice(0, limit).map((id) => ({ id }));
      },
      async purge(id: ExecutionId) {
        const refusal = refusalOf(id);
        if (refusal !== undefined) throw refusal;
        purged.push(id);
      },
      clearState: async (object: string, key: string) => void cleared.push(`${object}/${key}`),
    },
    writer: { remove: async (executions: readonly ExecutionId[]) => void removed.push(...executions) },
    logger: collectingLogger(problems),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}
