/** Every way in which a fetch can end. */
export async function run(ctx, { url, closed }) {
  console.log("begins", { entryPoint: ctx.entryPoint, at: Date.now(), drawn: Math.random() });
  const key = crypto.randomUUID();
  const order = await (await fetch(`${url}/order?key=${key}`)).json();
  const posted = await fetch(`${url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(order),
  });
  const bytes = Array.from(await (await fetch(`${url}/bytes`)).bytes());
  const missing = await fetch(`${url}/missing`);
  const refused = await fetch("http://10.0.0.1/").catch(describe);
  const unreachable = await fetch(closed).catch(describe);
  const aborted = await fetch(`${url}/slow`, { signal: AbortSignal.timeout(50) }).catch(describe);
  const flaky = await fetch(`${url}/flaky`, { retry: { limit: 3, delay: 5 } });
  const parts = await Promise.all([1, 2, 3].map(async (part) => (await fetch(`${url}/part?${part}`)).json()));
  const first = await Promise.race([fetch(`${url}/slow`).then(({ status }) => status), ctx.sleep(20)]);
  console.warn("ends", new Date());
  return {
    key,
    order,
    bytes,
    statuses: [posted.status, missing.status, flaky.status],
    errors: [refused, unreachable, aborted],
    parts,
    first: first ?? "slept",
    now: Date.now(),
  };
}

function describe({ name, code, message }) {
  return { name, code, message };
}
