import { InferenceClient } from "@huggingface/inference";
export async function run(_ctx, { origin }) {
  const client = new InferenceClient("k", { endpointUrl: `${origin}/openai` });
  const reply = await client.chatCompletion({ messages: [{ role: "user", content: "Hi" }] });
  return reply.choices[0].message.content;
}
