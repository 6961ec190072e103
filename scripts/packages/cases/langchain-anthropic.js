import { ChatAnthropic } from "@langchain/anthropic";
export async function run(_ctx, { origin }) {
  const model = new ChatAnthropic({
    apiKey: "k",
    anthropicApiUrl: `${origin}/anthropic-sdk`,
    model: "claude",
    maxRetries: 0,
  });
  const message = await model.invoke("Hi");
  return message.content;
}
