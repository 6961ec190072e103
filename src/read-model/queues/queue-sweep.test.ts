import { expect, test } from "vitest";
import { workflowQueue } from "../../domain/flow/queue-id.ts";
import { parseWorkflowId } from "../../domain/ids.ts";
import type { Row } from "../restate-sql.ts";
import { findMissed } from "./queue-sweep.ts";

const queue = workflowQueue(parseWorkflowId("reports"));

/** Rows of Restate's SQL: the records of a queue with their executions, and the queues with a pending request. */
function given(rows: { readonly records: readonly Row[]; readonly reconciling: readonly Row[] }) {
  return {
    query: async (sql: string) => {
      if (sql.includes("'reconcile'")) return rows.reconciling;
      return sql.includes("LEFT JOIN sys_invocation") ? rows.records : [];
    },
  };
}

const records = [
  { queue, key: "h/inv_ended.0", released: "false", status: "completed" },
  { queue, key: "h/inv_running.0", released: "false", status: "running" },
  { queue, key: "h/inv_paused.0", released: "false", status: "paused" },
  { queue, key: "h/inv_resuming.0", released: "false", resuming: "true", status: "paused" },
  { queue, key: "w/inv_purged.0", released: "false", status: null },
];

test("executions that ended with a record in the queue are found", async () => {
  const [found] = await findMissed(given({ records, reconciling: [] }), [queue], 0);
  expect(found).toMatchObject({
    isEmpty: false,
    missed: { ended: ["inv_ended.0", "inv_purged.0"], paused: ["inv_paused.0"] },
  });
});

test("nothing is missed if Restate has an execution that its introspection does not show", async () => {
  const restate = { ...given({ records, reconciling: [] }), has: async (id: string) => id === "inv_purged" };
  const [found] = await findMissed(restate, [queue], 0);
  expect(found).toEqual({
    queue,
    isEmpty: false,
    missed: { ended: [], paused: [], resumed: [], overdue: [] },
  });
});

test("a queue that has not processed the findings of an earlier sweep gets no further ones", async () => {
  const [found] = await findMissed(given({ records, reconciling: [{ queue }] }), [queue], 0);
  expect(found).toEqual({
    queue,
    isEmpty: false,
    missed: { ended: [], paused: [], resumed: [], overdue: [] },
  });
});
