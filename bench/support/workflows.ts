/** The measured workflows. All are JavaScript, so that the baselines can run the same text. */

/**
 * Thirty lines as an author writes them. The first turn ends with a `fetch`.
 *
 * @param mark makes the text, and therefore the image, unique
 */
export function thirtyLines(mark: string): string {
  return `// ${mark}
const shop = "https://${mark}.shop.example";
const currencies = { EUR: 2, USD: 2, JPY: 0 };

function format(amount, currency) {
  const digits = currencies[currency] ?? 2;
  return (amount / 10 ** digits).toFixed(digits) + " " + currency;
}

async function offerFor(item) {
  const response = await fetch(shop + "/offers/" + encodeURIComponent(item.sku));
  if (response.status !== 200) throw new Error("no offer for " + item.sku);
  return { ...(await response.json()), quantity: item.quantity };
}

export async function run(ctx, payload) {
  const offers = [];
  for (const item of payload.items) offers.push(await offerFor(item));
  const total = offers.reduce((sum, offer) => sum + offer.price * offer.quantity, 0);
  if (total > payload.budget) return { ordered: false, total: format(total, payload.currency) };
  const id = crypto.randomUUID();
  const order = await fetch(shop + "/orders/" + id, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ offers, customer: payload.customer }),
  });
  return { ordered: order.status === 201, id, total: format(total, payload.currency) };
}
`;
}

/** The payload of `thirtyLines`. */
export const thirtyLinesPayload = {
  items: [{ sku: "lamp", quantity: 2 }],
  budget: 100_000,
  currency: "EUR",
  customer: "ann",
};

/** A workflow as a script that ends at its first `fetch`, for sandboxes without modules and fetch. */
export function asScript(workflow: string): string {
  const script = workflow.replace("export async function", "async function");
  return `const fetch = () => new Promise(() => {});
${script}
run({}, ${JSON.stringify(thirtyLinesPayload)});
"started"`;
}

/** Sequential fetches, then concurrent ones. Each response is read and summed up. */
export const fetches = `
async function count(url) {
  const response = await fetch(url);
  return (await response.json()).count;
}

export async function run(ctx, { url, sequential, parallel }) {
  let sum = 0;
  for (let at = 0; at < sequential; at++) sum += await count(url);
  const counts = await Promise.all(Array.from({ length: parallel }, () => count(url)));
  return { sum: counts.reduce((total, each) => total + each, sum) };
}
`;

/** The payload of `fetches` and the input of the bare handler. */
export interface Fetches {
  readonly url: string;
  readonly sequential: number;
  readonly parallel: number;
}

/** Sequential fetches, then a request to `mark` for each event. */
export const resumed = `
export async function run(ctx, { url, entries, events, mark }) {
  for (let at = 0; at < entries; at++) await (await fetch(url)).json();
  for (let number = 0; number < events; number++) {
    await ctx.waitForEvent("go");
    await fetch(mark, { method: "POST" });
  }
}
`;

/** Sends on what it fetched, after holding it as text, JSON or bytes. */
export const passesOn = `
const readers = {
  text: async (response) => response.text(),
  json: async (response) => JSON.stringify(await response.json()),
  bytes: async (response) => response.arrayBuffer(),
};

export async function run(ctx, { url, as }) {
  const body = await readers[as](await fetch(url));
  const { status } = await fetch(url, { method: "POST", body });
  return { status };
}
`;

export const sleeps = `
export async function run(ctx, { duration }) {
  await ctx.sleep(duration);
}
`;

/** Reports its start, with its place among the executions of its key. */
export const reports = `
export async function run(ctx, { url, key, number }) {
  await fetch(url + "/" + key + "/" + number, { method: "POST" });
}
`;

/** Does nothing. */
export const nothing = `export const run = () => 1;`;
