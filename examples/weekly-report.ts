import type { Schedule, WorkflowContext } from "duranium";

/** Every Monday at nine in Berlin, and after an outage of up to a day. Three failures in a row pause the schedule. */
export const schedules = [
  {
    name: "mondays",
    cron: "0 9 * * 1",
    timeZone: "Europe/Berlin",
    skip: ["2026-12-28", { from: "2027-08-02", to: "2027-08-22" }],
    catchUp: "P1D",
    pauseOnFailure: 3,
    payload: { shop: "https://shop.example" },
  },
] satisfies Schedule[];

/** Reports the orders since the last run. */
export async function run(ctx: WorkflowContext, { shop }: { readonly shop: string }) {
  const until = ctx.schedule?.scheduledAt ?? new Date().toISOString();
  const since = ctx.schedule?.previousAt ?? new Date(Date.parse(until) - 7 * 86_400_000).toISOString();
  const response = await fetch(`${shop}/orders?since=${since}&until=${until}`, { retry: 5 });
  if (!response.ok) throw new Error(`The orders failed with status ${response.status}`);
  const orders = (await response.json()) as readonly { readonly total: number }[];
  const total = orders.reduce((sum, order) => sum + order.total, 0);
  const report = await fetch(`${shop}/reports`, {
    method: "POST",
    headers: { "idempotency-key": `report-${until}` },
    body: JSON.stringify({ since, until, total }),
  });
  if (!report.ok) throw new Error(`The report failed with status ${report.status}`);
  return { since, until, orders: orders.length, total };
}
