import OpenAI from "openai";
export async function run(_ctx, { origin }) {
  const client = new OpenAI({ apiKey: "k", baseURL: `${origin}/openai`, maxRetries: 0 });
  const reply = await client.chat.completions.create({
    model: "gpt",
    messages: [{ role: "user", content: "Hi" }],
  });
  const stream = await client.chat.completions.create({ model: "gpt", messages: [], stream: true });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0].delta.content;
  const failure = await client.models
    .retrieve("missing")
    .catch((error) => [error.status, error instanceof OpenAI.NotFoundError]);
  return [reply.choices[0].message.content, text, failure];
}
