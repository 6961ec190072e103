import type { WorkflowContext } from "duranium";

interface Order {
  /** Base URL of the shop's services. */
  readonly shop: string;
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Fulfils or refunds an order through the shop's services, by entry point. */
export async function run(ctx: WorkflowContext, order: Order) {
  switch (ctx.entryPoint) {
    case "order-created":
      return await fulfil(order);
    case "order-cancelled":
      return await refund(order);
    default:
      throw new Error(`Unknown entry point "${ctx.entryPoint}"`);
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
  const payment = await call("POST", `${shop}/payments`, { orderId });
  const shipment = await call("POST", `${shop}/shipments`, { orderId, items });
  console.log("order shipped", { orderId, tracking: shipment.tracking });
  return { orderId, state: "shipped", payment: payment.id, tracking: shipment.tracking };
}

async function refund({ shop, orderId }: Order) {
  const { id } = await call("POST", `${shop}/refunds`, { orderId });
  return { orderId, state: "refunded", refund: id };
}

async function call(method: string, url: string, body?: unknown) {
  // Random values are deterministic in an execution, so a request that is sent again after a crash has the same key.
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`);
  return await response.json();
}
