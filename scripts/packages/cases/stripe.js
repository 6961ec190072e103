import Stripe from "stripe";
export async function run(_ctx, { origin }) {
  const { hostname, port } = new URL(origin);
  const stripe = new Stripe("sk_test", { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });
  const customer = await stripe.customers.create({ name: "Ada", metadata: { a: "1" } });
  const event = await stripe.webhooks.constructEventAsync(
    '{"id":"evt_1","object":"event"}',
    await stripe.webhooks.generateTestHeaderStringAsync({
      payload: '{"id":"evt_1","object":"event"}',
      secret: "whsec",
    }),
    "whsec",
  );
  return [customer.id, event.id];
}
