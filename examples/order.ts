import type { WorkflowContext } from "duranium";

type Order = { api: string; email: string; amount: number; receiptAfter: string };

export async function run(ctx: WorkflowContext, { api, email, amount, receiptAfter }: Order) {
  const paymentId = crypto.randomUUID();
  const payment = await fetch(`${api}/payments/${paymentId}`, { method: "PUT", body: String(amount) });
  if (!payment.ok) throw new Error(`The payment failed with status ${payment.status}`);
  await ctx.sleep(receiptAfter);
  const body = JSON.stringify({ to: email, paymentId });
  const receipt = await fetch(`${api}/emails`, { method: "POST", body });
  if (!receipt.ok) throw new Error(`The receipt failed with status ${receipt.status}`);
  return { paymentId, receiptSentAt: new Date() };
}
