import { QdrantClient } from "@qdrant/js-client-rest";
export async function run(_ctx, { origin }) {
  const client = new QdrantClient({ url: origin, prefix: "/qdrant", checkCompatibility: false });
  return await client.getCollections();
}
