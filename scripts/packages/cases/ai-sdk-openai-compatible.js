import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";
export async function run(_ctx, { origin }) {
  const provider = createOpenAICompatible({ name: "x", apiKey: "k", baseURL: `${origin}/openai` });
  const { text } = await generateText({ model: provider("gpt"), prompt: "Hi", maxRetries: 0 });
  return text;
}
