import type { WorkflowContext } from "duranium";

interface Invoice {
  readonly mailer: string;
  readonly customer: string;
  /** How long to wait between two reminders: `"3d"`, `"PT12H"`, or milliseconds. */
  readonly every: string | number;
  readonly reminders: number;
}

/** Reminds a customer until the invoice is paid. While it sleeps, the execution uses no memory. */
export async function run(ctx: WorkflowContext, { mailer, customer, every, reminders }: Invoice) {
  const startedAt = Date.now();
  for (let sent = 0; sent < reminders; sent++) {
    if (await isPaid(mailer, customer)) return { paid: true, sent };
    await fetch(`${mailer}/mail`, { method: "POST", body: JSON.stringify({ customer, number: sent + 1 }) });
    await ctx.sleep(every);
  }
  const waitedMs = Date.now() - startedAt;
  return { paid: await isPaid(mailer, customer), sent: reminders, waitedMs };
}

/** A mailer that does not respond in time counts as "not paid yet". */
async function isPaid(mailer: string, customer: string): Promise<boolean> {
  try {
    const response = await fetch(`${mailer}/invoices/${customer}`, { signal: AbortSignal.timeout(5_000) });
    const { paid } = (await response.json()) as { paid: boolean };
    return paid;
  } catch {
    return false;
  }
}
