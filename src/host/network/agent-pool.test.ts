import { Agent } from "undici";
import { expect, test } from "vitest";
import { maxIdleAgents } from "../limits.ts";
import { createAgentPool } from "./agent-pool.ts";

test("a workflow has one agent for all of its fetches, and the agents that were idle longest are closed", async () => {
  const made: string[] = [];
  await using pool = createAgentPool((workflowId) => {
    made.push(workflowId);
    return new Agent();
  });
  const first = pool.take("a");
  const second = pool.take("a");
  expect(second.agent).toBe(first.agent);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  for (let index = 0; index <= maxIdleAgents; index += 1) pool.take(`other-${index}`)[Symbol.dispose]();
  // It is in use, so it is none of them.
  expect(pool.take("a").agent).toBe(first.agent);
  pool.take(`other-${maxIdleAgents}`)[Symbol.dispose]();
  expect(made).toHaveLength(maxIdleAgents + 2);
  pool.take("other-0")[Symbol.dispose]();
  expect(made.at(-1)).toBe("other-0");
  expect(made).toHaveLength(maxIdleAgents + 3);
});
