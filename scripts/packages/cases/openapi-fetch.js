import createClient from "openapi-fetch";
export async function run(_ctx, { origin }) {
  const client = createClient({ baseUrl: `${origin}/echo` });
  const { data } = await client.POST("/users/{id}", {
    params: { path: { id: 1 }, query: { a: ["b", "c"] } },
    body: { d: 1 },
  });
  return [data.path, data.body];
}
