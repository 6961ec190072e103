import { ChatOpenAI } from "@langchain/openai";
export async function run(_ctx, { origin }) {
  const model = new ChatOpenAI({
    apiKey: "k",
    model: "gpt",
    maxRetries: 0,
    configuration: { baseURL: `${origin}/openai` },
  });
  const reply = await model.invoke("Hi");
  return reply.content;
}
