import Anthropic from "@anthropic-ai/sdk";
export async function run(_ctx, { origin }) {
  const client = new Anthropic({ apiKey: "k", baseURL: `${origin}/anthropic-sdk`, maxRetries: 0 });
  const message = await client.messages.create({
    model: "claude",
    max_tokens: 10,
    messages: [{ role: "user", content: "Hi" }],
  });
  const failure = await client.models
    .retrieve("missing")
    .catch((error) => [error.status, error.constructor.name]);
  return [message.content[0].text, failure];
}
