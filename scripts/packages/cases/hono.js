import { Hono } from "hono";
export async function run() {
  const app = new Hono().get("/a/:id", (c) => c.json({ id: c.req.param("id"), q: c.req.query("q") }));
  return await (await app.request("/a/5?q=x")).json();
}
