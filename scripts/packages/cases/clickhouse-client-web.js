import { createClient } from "@clickhouse/client-web";
export async function run(_ctx, { origin }) {
  const client = createClient({ url: `${origin}/clickhouse` });
  const reply = await client.query({ query: "SELECT 1", format: "JSON", query_id: "q1" });
  return Object.keys(await reply.json());
}
