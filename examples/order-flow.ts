import type { WorkflowContext } from "duranium";

interface Order {
  /** Where the shop's services are. */
  readonly shop: string;
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Takes an order through the shop's services, or takes it back: the caller's entry point says which. */
export async function run(ctx: WorkflowContext, order: Order) {
  switch (ctx.entryPoint) {
    case "order-created":
      return await fulfil(order);
    case "order-cancelled":
      return await refund(order);
    default:
      throw new Error(`There is no entry point "${ctx.entryPoint}"`);
  }
}

async function fulfil({ shop, orderId, items }: Order) {
  const stock = await Promise.all(
    items.map(async ({ sku, quantity }) => {
      const { available } = await call("GET", `${shop}/stock/${sku}`);
      return available >= quantity;
    }),
  );
  if (stock.includes(false)) {
    await call("POST", `${shop}/orders/${orderId}/backorder`, { items });
    return { orderId, state: "back-ordered" };
  }
  // The key is drawn from the execution's own randomness: the same one on every replay.
  const key = crypto.randomUUID();
  const payment = await call("POST", `${shop}/payments`, { orderId, key });
  const shipment = await call("POST", `${shop}/shipments`, { orderId, items });
  console.log("order shipped", { orderId, tracking: shipment.tracking });
  return { orderId, state: "shipped", payment: payment.id, tracking: shipment.tracking };
}

async function refund({ shop, orderId }: Order) {
  const { id } = await call("POST", `${shop}/refunds`, { orderId });
  return { orderId, state: "refunded", refund: id };
}

async function call(method: string, url: string, body?: unknown) {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`);
  return await response.json();
}
