import { Meilisearch } from "meilisearch";
export async function run(_ctx, { origin }) {
  const client = new Meilisearch({ host: `${origin}/meilisearch`, apiKey: "k" });
  const reply = await client.index("i").search("q", { limit: 2 });
  return [reply.method, reply.path];
}
