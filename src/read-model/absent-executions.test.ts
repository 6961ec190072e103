import { expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { readExecutionStatus } from "./execution-records.ts";
import { readEnds } from "./automation/schedules.ts";
import { existingExecutions } from "./queries.ts";

const id = "inv_1aBcDeFgHiJkLmNoPqRsT" as ExecutionId;

/** Queries for executions find nothing. One by the ID alone, or for what is no execution, finds the invocation that is shown. */
function given({ has, shown }: { readonly has: boolean; readonly shown?: "execution" | "other" }) {
  const isFoundBy = (sql: string): boolean =>
    sql.endsWith(`WHERE id = '${id}'`)
      ? shown !== undefined
      : sql.includes(" AND NOT (") && shown === "other";
  return {
    query: async (sql: string) => (isFoundBy(sql) ? [{ id }] : []),
    has: async () => has,
  };
}

async function codeOf(restate: Parameters<typeof readExecutionStatus>[0]): Promise<string> {
  return await readExecutionStatus(restate, id).catch((error: { code: string }) => error.code);
}

test("an execution that a query does not find is not found only if Restate confirms it", async () => {
  expect(await codeOf(given({ has: false }))).toBe("execution-not-found");
  expect(await codeOf(given({ has: true }))).toBe("restate-unavailable");
  expect(await codeOf(given({ has: true, shown: "other" }))).toBe("execution-not-found");
});

test("an execution that is shown again while its absence is confirmed can be asked for again", async () => {
  expect(await codeOf(given({ has: true, shown: "execution" }))).toBe("restate-unavailable");
});

test("an execution that Restate confirms exists, whatever a query finds", async () => {
  expect(await existingExecutions(given({ has: true }), [id])).toEqual(new Set([id]));
  expect(await existingExecutions(given({ has: false }), [id])).toEqual(new Set());
});

test("a run of a schedule that Restate confirms has not ended, as far as is known", async () => {
  expect(await readEnds(given({ has: true }), [id])).toEqual(new Map([[id, "running"]]));
  expect(await readEnds(given({ has: false }), [id])).toEqual(new Map());
});
