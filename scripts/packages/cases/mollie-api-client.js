import { createMollieClient } from "@mollie/api-client";
export async function run(_ctx, { origin }) {
  const client = createMollieClient({
    apiKey: "test_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    apiEndpoint: `${origin}/mollie/`,
  });
  const payment = await client.payments.create({
    amount: { currency: "EUR", value: "1.00" },
    description: "D",
    redirectUrl: "https://a.test",
  });
  return payment.id ?? null;
}
