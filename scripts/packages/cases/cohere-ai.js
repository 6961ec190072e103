import { CohereClient } from "cohere-ai";
export async function run(_ctx, { origin }) {
  const client = new CohereClient({ token: "k", environment: `${origin}/cohere-ai` });
  const reply = await client.chat({ message: "Hi" }, { maxRetries: 0 });
  return reply.text;
}
