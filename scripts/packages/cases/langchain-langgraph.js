import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
export async function run() {
  const State = Annotation.Root({ count: Annotation({ reducer: (a, b) => a + b, default: () => 0 }) });
  const graph = new StateGraph(State)
    .addNode("add", async () => ({ count: 2 }))
    .addEdge(START, "add")
    .addEdge("add", END)
    .compile();
  return await graph.invoke({ count: 1 });
}
