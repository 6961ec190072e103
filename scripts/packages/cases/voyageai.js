import { VoyageAIClient } from "voyageai";
export async function run(_ctx, { origin }) {
  const client = new VoyageAIClient({ apiKey: "k", environment: `${origin}/voyageai` });
  const reply = await client.embed({ input: ["a"], model: "m" }, { maxRetries: 0 });
  return reply.data?.[0]?.embedding ?? null;
}
