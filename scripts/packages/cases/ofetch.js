import { ofetch } from "ofetch";
export async function run(_ctx, { origin }) {
  const data = await ofetch(`${origin}/echo/a`, { method: "POST", body: { b: 1 }, query: { c: "d" } });
  const failure = await ofetch(`${origin}/status/404`, { retry: 0 }).catch((error) => [
    error.name,
    error.status,
  ]);
  return [data.path, data.body, failure];
}
