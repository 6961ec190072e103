import type { WorkflowContext } from "duranium";

interface Invoice {
  readonly mailer: string;
  readonly customer: string;
  /** How long to wait between two reminders: `"3d"`, `"PT12H"`, or milliseconds. */
  readonly every: string | number;
  readonly reminders: number;
}

/**
 * Reminds a customer until the invoice is paid. While it sleeps, the execution uses no memory. A mailer that does not respond in
 * time costs a reminder, and nothing else.
 */
export async function run(ctx: WorkflowContext, { mailer, customer, every, reminders }: Invoice) {
  const startedAt = Date.now();
  let sent = 0;
  for (let round = 0; round < reminders; round++) {
    const isPaid = await readPaid(mailer, customer);
    if (isPaid === true) return { paid: true, sent };
    if (isPaid === false && (await remind(mailer, { customer, number: sent + 1 }))) sent++;
    await ctx.sleep(every);
  }
  const waitedMs = Date.now() - startedAt;
  return { paid: (await readPaid(mailer, customer)) === true, sent, waitedMs };
}

/** Returns undefined if the mailer does not say. */
async function readPaid(mailer: string, customer: string): Promise<boolean | undefined> {
  try {
    const response = await fetch(`${mailer}/invoices/${customer}`, {
      retry: 2,
      signal: AbortSignal.timeout(5_000),
    });
    const { paid } = (await response.json()) as { paid: boolean };
    return paid;
  } catch {
    return undefined;
  }
}

/** Returns whether the mailer accepted the reminder. By its key, the mailer recognises one that is sent again after a crash. */
async function remind(mailer: string, mail: { readonly customer: string; readonly number: number }) {
  try {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const response = await fetch(`${mailer}/mail`, { method: "POST", headers, body: JSON.stringify(mail) });
    return response.ok;
  } catch {
    return false;
  }
}
