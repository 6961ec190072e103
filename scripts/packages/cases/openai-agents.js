import { Agent, tool } from "@openai/agents";
import { z } from "zod";
export function run() {
  const sum = tool({
    name: "sum",
    description: "adds",
    parameters: z.object({ a: z.number() }),
    execute: async ({ a }) => a,
  });
  return [new Agent({ name: "A", instructions: "x", tools: [sum] }).name, sum.parameters.type];
}
