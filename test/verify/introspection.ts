import { setTimeout as delay } from "node:timers/promises";
import type { Instance } from "../support/instance.ts";

/** Which executions have ended, looked up for all of them at once, again and again. */
export interface Ends extends Disposable {
  has(executionId: string): boolean;
}

const pauseMs = 250;

export function watchEnds(instance: Instance): Ends {
  const ended = new Set<string>();
  const watching = new AbortController();
  void watch();
  async function watch(): Promise<void> {
    while (!watching.signal.aborted) {
      // While the server is away nothing ends.
      const ids = await executionIds(instance, "status = 'completed'").catch(() => []);
      for (const id of ids) ended.add(id);
      await delay(pauseMs);
    }
  }
  return {
    has: (id) => ended.has(id),
    [Symbol.dispose]: () => watching.abort(),
  };
}

/** The ids of the executions that Restate knows, live or ended. */
export async function executionIds(instance: Instance, condition = "true"): Promise<string[]> {
  const query = `SELECT id FROM sys_invocation WHERE target_handler_name = 'execute' AND ${condition}`;
  return (await queryRestate(instance, query)).map(({ id }) => String(id));
}

/** Rows of Restate's SQL introspection. */
async function queryRestate(
  { restateAdminUrl }: Instance,
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
