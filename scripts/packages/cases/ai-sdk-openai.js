import { embed } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
export async function run(_ctx, { origin }) {
  const openai = createOpenAI({ apiKey: "k", baseURL: `${origin}/openai` });
  const { embedding } = await embed({ model: openai.embedding("e"), value: "text", maxRetries: 0 });
  return embedding;
}
