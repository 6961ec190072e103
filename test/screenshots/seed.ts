import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Answer, Target } from "../support/target.ts";
import { executePricing } from "./seed-pricing.ts";

/** Executions to be seen. Disposing it closes the shop that they call. */
export interface Seeded extends AsyncDisposable {
  readonly failed: string;
  readonly retried: string;
  readonly waiting: string;
  readonly monthEnd: string;
  /** With 100 parallel fetches. */
  readonly pricing: string;
  /** For another execution of `order-flow`. */
  readonly payload: string;
}

const approval = `import type { WorkflowContext } from "duranium";

export async function run(ctx: WorkflowContext, request: { amount: number; by: string }) {
  console.info("asked for", request);
  const { approved } = await ctx.waitForEvent<{ approved: boolean }>("decided", { timeout: "3d" });
  return { approved };
}
`;

const monthEnd = `import type { WorkflowContext } from "duranium";

export async function run(ctx: WorkflowContext, { shop }: { shop: string }) {
  console.log("closing the month");
  console.debug("customers", ["acme", "globex", "initech"]);
  const orders = await Promise.all(["A-100", "B-200", "C-300"].map((sku) => fetch(shop + "/stock/" + sku)));
  await ctx.send("reminder", { payload: { mailer: shop, customer: "acme", every: "3d", reminders: 2 } });
  await ctx.sleep("4s");
  const invoice = await fetch(shop + "/invoices/acme");
  console.warn("not paid yet", await invoice.json());
  await ctx.state.set("closed", orders.length);
  return { closed: orders.length };
}
`;

/** A small shop's workflows, with executions of every outcome. */
export async function seed(instance: Instance): Promise<Seeded> {
  const shop = await startShop();
  await deployAll(instance);
  await configure(instance);
  const order = (orderId: number) => ({
    shop: shop.url,
    orderId: String(orderId),
    items: ["A-100", "B-200", "C-300"].map((sku) => ({ sku, quantity: 1 })),
  });
  return {
    ...(await executeOrders(instance, shop, order)),
    ...(await executeOthers(instance, shop.url)),
    pricing: await executePricing(instance, shop.url),
    payload: JSON.stringify(order(4713)),
    [Symbol.asyncDispose]: async () => await shop[Symbol.asyncDispose](),
  };
}

interface Shop extends Target {
  isCarrierUp: boolean;
}

async function startShop(): Promise<Shop> {
  const target = await startTarget(
    openToPages({
      "GET /stock/A-100": async () => await after(80, { available: 12 }),
      "GET /stock/B-200": async () => await after(140, { available: 3 }),
      "GET /stock/C-300": async () => await after(60, { available: 7 }),
      "POST /payments": async () => await after(220, { id: "pay_8121" }),
      "POST /shipments": async (_request, response) => {
        response.statusCode = shop.isCarrierUp ? 200 : 503;
        return await after(120, shop.isCarrierUp ? { tracking: "DU-55-1042" } : { error: "no carrier" });
      },
      "GET /invoices/acme": () => ({ paid: false }),
      ...items(),
      "POST /charges": (_request, response) => {
        response.statusCode = 402;
        return { error: "card declined" };
      },
      "POST /mail": () => ({ sent: true }),
    }),
  );
  const shop: Shop = Object.assign(target, { isCarrierUp: true });
  return shop;
}

/** Answers to 100 parallel requests, which take different times. */
function items(): Readonly<Record<string, Answer>> {
  const ids = Array.from({ length: 100 }, (_, id) => id);
  return Object.fromEntries(
    ids.map((id) => [
      `GET /items/${id}`,
      async () => await after(20 + ((id * 37) % 200), { id, price: 3 * id }),
    ]),
  );
}

async function after<T>(ms: number, value: T): Promise<T> {
  await delay(ms);
  return value;
}

/** A preview in the browser may fetch from it, from whatever origin. */
function openToPages(routes: Readonly<Record<string, Answer>>): Readonly<Record<string, Answer>> {
  const preflights = Object.keys(routes).map((route) => [
    route.replace(/^\w+/, "OPTIONS"),
    opened(() => null),
  ]);
  const answers = Object.entries(routes).map(([route, answer]) => [route, opened(answer)]);
  return Object.fromEntries([...preflights, ...answers]);
}

function opened(answer: Answer): Answer {
  return async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "content-type, idempotency-key");
    return await answer(request, response);
  };
}

async function deployAll(instance: Instance): Promise<void> {
  for (const name of ["reminder", "fan-out", "flaky-import", "order-flow"]) {
    await deploy(instance, name, await example(name));
  }
  const changed = (await example("order-flow")).replace('"back-ordered"', '"waits for stock"');
  await deploy(instance, "order-flow", changed);
  await deploy(instance, "approval", approval);
  await deploy(instance, "month-end", monthEnd);
}

async function example(name: string): Promise<string> {
  return await readFile(new URL(`../../examples/${name}.ts`, import.meta.url), "utf8");
}

async function configure(instance: Instance): Promise<void> {
  const set = async (method: string, path: string, body: unknown) =>
    await instance.request(method, path, { body });
  await set("POST", "/api-keys", { name: "ci" });
  await set("POST", "/api-keys", { name: "shop", scopes: ["executions:run"], workflows: ["order-flow"] });
  const secret = { value: "sk_test_0123456789", hosts: ["api.stripe.com"] };
  await set("PUT", "/workflows/order-flow/secrets/STRIPE_KEY", secret);
  const webhook = {
    name: "Stripe, live",
    scheme: "stripe",
    secret: "whsec_0123",
    entryPoint: "order-created",
  };
  await set("POST", "/workflows/order-flow/webhooks", webhook);
}

async function executeOrders(
  instance: Instance,
  shop: Shop,
  order: (orderId: number) => unknown,
): Promise<Pick<Seeded, "failed" | "retried">> {
  const execute = async (orderId: number): Promise<string> => {
    const path = "/workflows/order-flow/execute?entry-point=order-created";
    const { body } = await instance.request("POST", path, { body: order(orderId) });
    await untilEnded(instance, body.executionId);
    return body.executionId;
  };
  for (let orderId = 4700; orderId < 4709; orderId++) await execute(orderId);
  shop.isCarrierUp = false;
  const [failed, lost] = [await execute(4711), await execute(4712)];
  shop.isCarrierUp = true;
  const { body } = await instance.request("POST", `/executions/${lost}/retry`, {
    body: { from: "failed-step" },
  });
  await untilEnded(instance, body.executionId);
  return { failed, retried: body.executionId };
}

async function executeOthers(
  instance: Instance,
  shop: string,
): Promise<Pick<Seeded, "waiting" | "monthEnd">> {
  const closing = await startExecution(instance, "month-end", { shop });
  const urls = ["A-100", "B-200", "C-300", "Z-900"].map((sku) => `${shop}/stock/${sku}`);
  await untilEnded(instance, await startExecution(instance, "fan-out", { urls }));
  const waiting = await startExecution(instance, "approval", { amount: 1200, by: "maria" });
  await until(instance, waiting, ({ status }) => status === "suspended");
  await untilEnded(instance, closing);
  return { waiting, monthEnd: closing };
}
