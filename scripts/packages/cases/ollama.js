import { Ollama } from "ollama";
export async function run(_ctx, { origin }) {
  const client = new Ollama({ host: `${origin}/ollama` });
  const reply = await client.chat({ model: "llama", messages: [{ role: "user", content: "Hi" }] });
  return reply.message.content;
}
