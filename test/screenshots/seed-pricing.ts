import { untilEnded } from "../support/executions.ts";
import type { Instance } from "../support/instance.ts";

/** The order's price: 100 parallel fetches in nested functions of two files, and a payment that is declined. */
const files = {
  "workflow.ts": `import type { WorkflowContext } from "duranium";
import { loadAll } from "./items.ts";

interface Order {
  readonly shop: string;
  readonly count: number;
}

export async function run(ctx: WorkflowContext, { shop, count }: Order) {
  console.log("pricing", count, "items");
  const items = await loadAll(shop, count);
  const amount = items.reduce((sum, { price }) => sum + price, 0);
  console.log("total", amount);
  await ctx.sleep("200ms");
  console.warn("charging", amount);
  return await charge(shop, amount);
}

async function charge(shop: string, amount: number): Promise<unknown> {
  const response = await fetch(shop + "/charges", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ amount }),
  });
  if (!response.ok) throw new Error("The card was declined");
  return await response.json();
}
`,
  "items.ts": `export interface Item {
  readonly id: number;
  readonly price: number;
}

/** Loads the items of an order in parallel. */
export async function loadAll(shop: string, count: number): Promise<Item[]> {
  const ids = Array.from({ length: count }, (_, id) => id);
  return await Promise.all(ids.map((id) => loadItem(shop, id)));
}

async function loadItem(shop: string, id: number): Promise<Item> {
  const response = await get(\`\${shop}/items/\${id}\`);
  console.debug("loaded item", id);
  return (await response.json()) as Item;
}

async function get(url: string): Promise<Response> {
  return await fetch(url);
}
`,
};

/** Executes it. @returns the execution */
export async function executePricing(instance: Instance, shop: string): Promise<string> {
  const deployed = await instance.request("POST", "/workflows/pricing/deploy", {
    body: { files, entry: "workflow.ts" },
  });
  if (deployed.status !== 201) throw new Error(`deploy: ${JSON.stringify(deployed.body)}`);
  const { body } = await instance.request("POST", "/workflows/pricing/execute", {
    body: { shop, count: 100 },
  });
  await untilEnded(instance, body.executionId);
  return body.executionId;
}
