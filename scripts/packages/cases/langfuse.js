import { Langfuse } from "langfuse";
export async function run(_ctx, { origin }) {
  const client = new Langfuse({ publicKey: "p", secretKey: "s", baseUrl: `${origin}/langfuse` });
  return await client.fetchTraces({ limit: 1, name: "n" });
}
