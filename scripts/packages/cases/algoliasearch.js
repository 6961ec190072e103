import { algoliasearch } from "algoliasearch";
export async function run(_ctx, { origin }) {
  const { host } = new URL(origin);
  const client = algoliasearch("app", "k", { hosts: [{ url: host, accept: "readWrite", protocol: "http" }] });
  const { hits } = await client.searchSingleIndex({ indexName: "i", searchParams: { query: "q" } });
  return hits;
}
