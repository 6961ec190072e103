import fetch from "node-fetch2";
export async function run(_ctx, { origin }) {
  const reply = await fetch(`${origin}/echo/a`, {
    method: "POST",
    body: JSON.stringify({ b: 1 }),
    headers: { "content-type": "application/json" },
  });
  return [reply.status, (await reply.json()).body];
}
