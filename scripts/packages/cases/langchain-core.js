import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnableParallel } from "@langchain/core/runnables";
import { StringOutputParser } from "@langchain/core/output_parsers";
export async function run() {
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "You are {role}"],
    ["user", "{question}"],
  ]);
  const chain = prompt.pipe(RunnableLambda.from((value) => value.toString())).pipe(new StringOutputParser());
  const both = RunnableParallel.from({
    one: chain,
    two: RunnableLambda.from((input) => input.question.length),
  });
  return await both.invoke({ role: "a poet", question: "Why?" });
}
