import type { WorkflowContext } from "duranium";

interface Import {
  readonly source: string;
  readonly target: string;
}

/**
 * Copies records from one service to another. The services are unreliable, so each call is attempted three times, with a key by which the target recognises a record that it has already. If that is not enough, the execution fails and can be retried from the failed step.
 */
export async function run(ctx: WorkflowContext, { source, target }: Import) {
  const records = await withRetries(ctx, async () => await getJson(source));
  for (const [index, record] of records.entries()) {
    const headers = { "idempotency-key": `${ctx.executionId}-${index}` };
    await withRetries(ctx, async () => {
      const response = await fetch(target, { method: "POST", headers, body: JSON.stringify(record) });
      if (!response.ok) throw new Error(`POST ${target} answered ${response.status}`);
    });
  }
  return { imported: records.length };
}

async function withRetries<T>(ctx: WorkflowContext, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 3) throw error;
      console.warn(`attempt ${tries} failed`, error);
      await ctx.sleep(50 * 2 ** tries);
    }
  }
}

async function getJson(url: string): Promise<unknown[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`);
  return await response.json();
}
