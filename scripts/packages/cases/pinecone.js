import { Pinecone } from "@pinecone-database/pinecone";
export async function run(_ctx, { origin }) {
  const client = new Pinecone({ apiKey: "k", controllerHostUrl: `${origin}/pinecone` });
  return await client.listIndexes();
}
