import fetch, { FormData as Form } from "node-fetch";
export async function run(_ctx, { origin }) {
  const response = await fetch(`${origin}/echo/a`, {
    method: "POST",
    body: JSON.stringify({ b: 1 }),
    headers: { "Content-Type": "application/json" },
  });
  const data = await response.json();
  const redirected = await fetch(`${origin}/redirect`);
  return [data.body, response.status, redirected.redirected, typeof Form];
}
