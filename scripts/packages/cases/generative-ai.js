import { GoogleGenerativeAI } from "@google/generative-ai";
export async function run(_ctx, { origin }) {
  const model = new GoogleGenerativeAI("k").getGenerativeModel(
    { model: "gemini" },
    { baseUrl: `${origin}/google-genai` },
  );
  const { response } = await model.generateContent("Hi");
  return response.text();
}
