import { createMollieClient, PaymentStatus } from "@mollie/api-client";
export async function run() {
  const client = createMollieClient({ apiKey: "test_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" });
  const refusals = [
    () => client.payments.get("no"),
    () => client.customers.get("no"),
    () => createMollieClient({ apiKey: "" }),
  ].map(async (call) => {
    try {
      return await call();
    } catch (error) {
      return error.message;
    }
  });
  return [PaymentStatus.paid, typeof client.refunds.page, await Promise.all(refusals)];
}
