import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
export async function run(_ctx, { origin }) {
  const client = new AnthropicVertex({
    baseURL: `${origin}/anthropic-sdk`,
    authClient: {
      projectId: "p",
      getRequestHeaders: async () => new Headers({ authorization: "Bearer t" }),
    },
    region: "r",
    maxRetries: 0,
  });
  const message = await client.messages.create({
    model: "claude",
    max_tokens: 5,
    messages: [{ role: "user", content: "Hi" }],
  });
  return message.content[0].text;
}
