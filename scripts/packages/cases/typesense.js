import Typesense from "typesense";
export async function run(_ctx, { origin }) {
  const { hostname, port } = new URL(origin);
  const client = new Typesense.Client({
    nodes: [{ host: hostname, port: Number(port), protocol: "http", path: "/typesense" }],
    apiKey: "k",
    numRetries: 0,
  });
  const reply = await client.collections("c").documents().search({ q: "a", query_by: "b" });
  return [reply.method, reply.path];
}
