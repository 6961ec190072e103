import { describe, expect, test } from "vitest";
import { bodyMemoryTiers } from "../limits.ts";
import { createBodyMemory } from "./body-budget.ts";
import type { BodyMemory, BodyRoom } from "./body-budget.ts";

const { signal } = new AbortController();
const [small, large] = bodyMemoryTiers;

async function grown(memory: BodyMemory, workflowId: string, bytes: number): Promise<BodyRoom> {
  const room = memory.open(workflowId, signal);
  await room.require(bytes);
  return room;
}

describe("the memory of response bodies", () => {
  test("any number of small bodies and a limited number of large bodies are read concurrently", async () => {
    const memory = createBodyMemory();
    const workflows = Array.from({ length: large.bodies }, (_, index) => `w${index}`);
    await Promise.all(Array.from({ length: 1_000 }, () => grown(memory, "many", small.overBytes)));
    const rooms = await Promise.all(
      workflows.map((workflow) => grown(memory, workflow, large.overBytes + 1)),
    );
    let hasCapacity = false;
    const waiting = grown(memory, "late", large.overBytes + 1).then((room) => {
      hasCapacity = true;
      return room;
    });
    // One that needs no such place goes on meanwhile.
    (await grown(memory, "late", large.overBytes))[Symbol.dispose]();
    expect(hasCapacity).toBe(false);
    rooms[0]?.[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
  });

  test("one workflow cannot use the whole budget", async () => {
    const memory = createBodyMemory();
    const greedy = Array.from({ length: large.bodies }, () => grown(memory, "greedy", large.overBytes + 1));
    const rooms = await Promise.all(greedy.slice(0, large.bodiesPerWorkflow));
    (await grown(memory, "modest", large.overBytes + 1))[Symbol.dispose]();
    for (const room of rooms) room[Symbol.dispose]();
    for (const room of await Promise.all(greedy)) room[Symbol.dispose]();
  });

  test("aborted waiters release their budget", async () => {
    const memory = createBodyMemory();
    const gone = new AbortController();
    const rooms = await Promise.all(
      Array.from({ length: large.bodiesPerWorkflow }, () => grown(memory, "greedy", large.overBytes + 1)),
    );
    const room = memory.open("greedy", gone.signal);
    const waiting = room.require(large.overBytes + 1);
    gone.abort(new Error("over"));
    await expect(waiting).rejects.toThrow("over");
    room[Symbol.dispose]();
    for (const each of rooms) each[Symbol.dispose]();
    (await grown(memory, "greedy", large.overBytes + 1))[Symbol.dispose]();
  });
});
