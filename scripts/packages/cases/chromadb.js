import { ChromaClient } from "chromadb";
export async function run(_ctx, { origin }) {
  const { hostname, port } = new URL(origin);
  const client = new ChromaClient({ host: hostname, port: Number(port), ssl: false });
  return await client.version().catch((error) => error.name);
}
