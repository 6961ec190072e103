import { generateText, tool } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
import { z } from "zod";
export async function run(_ctx, { origin }) {
  const openai = createOpenAI({ apiKey: "k", baseURL: `${origin}/openai` });
  const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => "sunny" });
  const { text } = await generateText({
    model: openai.chat("gpt"),
    prompt: "Hi",
    tools: { weather },
    maxRetries: 0,
  });
  return text;
}
