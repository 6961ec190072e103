import Groq from "groq-sdk";
export async function run(_ctx, { origin }) {
  const client = new Groq({ apiKey: "k", baseURL: `${origin}/openai`, maxRetries: 0 });
  const reply = await client.chat.completions.create({
    model: "m",
    messages: [{ role: "user", content: "Hi" }],
  });
  return reply.choices[0].message.content;
}
