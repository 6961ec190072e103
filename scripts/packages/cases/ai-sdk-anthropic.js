import { generateText } from "ai";
import { createAnthropic } from "@ai-sdk/anthropic";
export async function run(_ctx, { origin }) {
  const anthropic = createAnthropic({ apiKey: "k", baseURL: `${origin}/anthropic-sdk/v1` });
  const { text } = await generateText({ model: anthropic("claude"), prompt: "Hi", maxRetries: 0 });
  return text;
}
