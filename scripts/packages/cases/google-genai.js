import { GoogleGenAI } from "@google/genai";
export async function run(_ctx, { origin }) {
  const ai = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: `${origin}/google-genai` } });
  const reply = await ai.models.generateContent({ model: "gemini", contents: "Hi" });
  return reply.text;
}
