import { deploy, until } from "../support/executions.ts";
import type { Instance } from "../support/instance.ts";

const limited = `import type { WorkflowContext } from "duranium";

export const flow = { concurrency: { total: 3, perKey: 1, key: "/customer" } };

export async function run(ctx: WorkflowContext, order: { customer: string }) {
  await ctx.waitForEvent("packed");
  return order;
}
`;

/** Schedules, a queue and an alert rule to be seen. */
export async function seedOperations(instance: Instance): Promise<void> {
  const set = async (method: string, path: string, body: unknown) => {
    const answer = await instance.request(method, path, { body });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await set("PUT", "/schedules/nightly-import", {
    workflowId: "flaky-import",
    spec: { cron: ["30 2 * * *"], timeZone: "Europe/Berlin", skip: ["2026-12-25"] },
    payload: { urls: [] },
    note: "Before the warehouse opens",
  });
  await set("PUT", "/schedules/weekly-report", {
    workflowId: "month-end",
    spec: { cron: ["0 9 * * 1"], timeZone: "America/New_York" },
    overlap: "buffer-one",
  });
  await set("PUT", "/schedules/sweep", {
    workflowId: "fan-out",
    spec: { every: "PT5M" },
    payload: { urls: [] },
  });
  await set("POST", "/schedules/weekly-report/pause", { note: "Until the audit is over" });
  await set("POST", "/schedules/sweep/trigger", {});
  await deploy(instance, "packing", limited);
  const customers = ["acme", "globex", "acme", "initech", "acme", "globex", "umbrella"];
  const ids = [];
  for (const customer of customers) {
    const path = `/workflows/packing/execute?tag=customer:${customer}`;
    ids.push((await set("POST", path, { customer })).executionId);
  }
  await until(instance, ids.at(-1) as string, ({ status }) => status === "queued");
  await set("POST", "/workflows/month-end/execute?delay=PT2H&tag=month:11", { shop: "http://127.0.0.1:9" });
  await set("PUT", "/limits/postgres", { total: 20, rateLimit: { limit: 100, period: "PT1M" } });
  const flow = { concurrency: { total: 20, perKey: 3, key: "/customer/id", holds: "active" } };
  const rate = { "api.stripe.com": { limit: 25, period: "PT1S", concurrency: 5 } };
  await set("PUT", "/workflows/order-flow/settings", { flow, egress: { rate } });
  await set("PUT", "/alerts/rules/order-failures", {
    workflow: "order-flow",
    on: { kind: "failure-rate", percent: 10, window: "PT15M", minRuns: 5 },
    channels: [
      { kind: "slack", url: "https://hooks.slack.com/services/T01/B02/abcdefghijklmnop" },
      { kind: "workflow", workflow: "approval" },
    ],
    quiet: "PT10M",
  });
}
