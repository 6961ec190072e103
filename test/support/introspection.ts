import { setTimeout as delay } from "node:timers/promises";
import type { ExecutionStart } from "../../src/journal/execution-start.ts";
import { readStarts } from "../../src/read-model/execution-starts.ts";
import type { ReachableInstance } from "./instance.ts";

/** Polls which executions have ended, with one query for all of them. */
export interface Ends extends Disposable {
  has(executionId: string): boolean;
}

export function watchEnds(instance: ReachableInstance, pauseMs = 250): Ends {
  const ended = new Set<string>();
  const watching = new AbortController();
  void watch();
  async function watch(): Promise<void> {
    while (!watching.signal.aborted) {
      for (const id of await endedExecutions(instance)) ended.add(id);
      await delay(pauseMs);
    }
  }
  return {
    has: (id) => ended.has(id),
    [Symbol.dispose]: () => watching.abort(),
  };
}

/** Returns no executions while the server is stopped, because none can end then. */
async function endedExecutions(instance: ReachableInstance): Promise<readonly string[]> {
  const executions = await existingExecutions(instance).catch(() => []);
  return executions.filter(({ hasEnded }) => hasEnded).map(({ id }) => id);
}

export interface KnownExecution {
  readonly id: string;
  readonly hasEnded: boolean;
  /** The execution that started it, or `undefined` if it was not started by one. */
  readonly parent: string | undefined;
}

/** The executions in Restate, running or completed. */
export async function existingExecutions(instance: ReachableInstance): Promise<readonly KnownExecution[]> {
  const rows = await queryRestate(
    instance,
    "SELECT id, status, invoked_by_id FROM sys_invocation WHERE target_handler_name = 'execute'",
  );
  return rows.map(({ id, status, invoked_by_id: parent }) => ({
    id: String(id),
    hasEnded: status === "completed",
    parent: typeof parent === "string" ? parent : undefined,
  }));
}

/** The ids of executions that match a condition on `sys_invocation`. */
export async function executionIds(
  instance: ReachableInstance,
  condition: string,
): Promise<readonly string[]> {
  const query = `SELECT id FROM sys_invocation WHERE target_handler_name = 'execute' AND ${condition}`;
  return (await queryRestate(instance, query)).map(({ id }) => String(id));
}

/** The number of state changes in progress. The executions that requested them may have ended. */
export async function countStateChanges(instance: ReachableInstance): Promise<number> {
  const rows = await queryRestate(
    instance,
    "SELECT id FROM sys_invocation WHERE target_service_name = 'WorkflowState' AND status != 'completed'",
  );
  return rows.length;
}

/** The values of a workflow's `ctx.state`. */
export async function readState(
  instance: ReachableInstance,
  workflow: string,
): Promise<ReadonlyMap<string, unknown>> {
  const rows = await queryRestate(
    instance,
    `SELECT key, value_utf8 FROM state
     WHERE service_name = 'WorkflowState' AND service_key = '${workflow}'`,
  );
  return new Map(rows.map(({ key, value_utf8: kept }) => [String(key), valueOf(String(kept))]));
}

/** The recorded start of an execution: its seed, and the time of its clock. */
export async function readStart(instance: ReachableInstance, executionId: string): Promise<ExecutionStart> {
  const query = async (text: string) => (await queryRestate(instance, text)) as never;
  const start = (await readStarts({ query }, [executionId])).get(executionId);
  if (start === undefined) throw new Error(`Execution ${executionId} has no start`);
  return start;
}

/** The stored value includes its revision. */
function valueOf(kept: string): unknown {
  return (JSON.parse(kept) as { readonly value: unknown }).value;
}

/** Rows of Restate's SQL introspection. */
export async function queryRestate(
  { restateAdminUrl }: Pick<ReachableInstance, "restateAdminUrl">,
  query: string,
): Promise<readonly Record<string, unknown>[]> {
  const response = await fetch(`${restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query }),
  });
  if (!response.ok) throw new Error(`Restate answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { rows: Record<string, unknown>[] }).rows;
}
