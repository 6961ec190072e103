import { generateText } from "ai";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
export async function run(_ctx, { origin }) {
  const google = createGoogleGenerativeAI({ apiKey: "k", baseURL: `${origin}/google-genai/v1beta` });
  const { text } = await generateText({ model: google("gemini"), prompt: "Hi", maxRetries: 0 });
  return text;
}
