import { Mistral } from "@mistralai/mistralai";
export async function run(_ctx, { origin }) {
  const client = new Mistral({ apiKey: "k", serverURL: `${origin}/mistralai` });
  const reply = await client.chat.complete({ model: "m", messages: [{ role: "user", content: "Hi" }] });
  return reply.choices[0].message.content;
}
