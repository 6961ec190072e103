import { describe, expect, test } from "vitest";
import { drain, holdUntil, purge, release, resume } from "./queue.ts";
import type { Ticket } from "./queue-records.ts";
import { createSimulatedQueue } from "./testing/simulated-queue.ts";
import type { SimulatedQueue } from "./testing/simulated-queue.ts";

describe("a queue", () => {
  test("with 10,000 waiting executions reads and writes few records per request, and grants them in order", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const tickets: Ticket[] = [];
    for (let number = 0; number < 10_000; number += 1) tickets.push(await queue.start(String(number)));
    expect(queue.lastAccesses).toBeLessThan(20);
    for (const ticket of tickets.slice(0, 200)) {
      await queue.do(async (run) => await release(run, ticket));
      expect(queue.lastAccesses).toBeLessThan(30);
    }
    expect(granted(queue)).toEqual(tickets.slice(0, 201));
  });

  test("lets an execution of another key start second, whatever the first key has waiting", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const first = await queue.start("a0", { keys: { concurrency: "a" } });
    for (let number = 1; number < 1_000; number += 1)
      await queue.start(`a${number}`, { keys: { concurrency: "a" } });
    const other = await queue.start("b", { keys: { concurrency: "b" } });
    await queue.do(async (run) => await release(run, first));
    await queue.do(async (run) => await release(run, "inv_a1.0"));
    expect(granted(queue).at(-1)).toBe(other);
  });

  test("serves a lower priority within a bounded number of grants", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    let running = await queue.start("first", { priority: 5 });
    const low = await queue.start("low", { priority: -5 });
    for (let number = 0; number < 50; number += 1) await queue.start(`high${number}`, { priority: 5 });
    let grants = 0;
    while (running !== low) {
      const ended = running;
      await queue.do(async (run) => await release(run, ended));
      running = granted(queue).at(-1) ?? running;
      grants += 1;
      expect(grants).toBeLessThan(15);
    }
  });

  test("drains what waits, holds what arrives later, and is paused afterwards until it is resumed", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const [one, two] = [await queue.start("one"), await queue.start("two")];
    await queue.do((run) => drain(run, { at: run.now }));
    const later = await queue.start("later");
    await queue.do(async (run) => await release(run, one));
    await queue.do(async (run) => await release(run, two));
    expect(granted(queue)).toEqual([one, two]);
    await queue.do(resume);
    expect(granted(queue)).toEqual([one, two, later]);
  });

  test("purges what waits and nothing that runs", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const running = await queue.start("running");
    for (let number = 0; number < 500; number += 1) await queue.start(String(number));
    await queue.do(purge);
    await queue.advance(1);
    expect(granted(queue)).toEqual([running]);
    expect(queue.answers.filter(({ answer }) => answer.kind === "skipped")).toHaveLength(500);
    expect(queue.records.get("core")).toMatchObject({ running: 1, waiting: 0 });
  });

  test("grants nothing before the time that a host asked for", async () => {
    const queue = createSimulatedQueue({ rate: { limit: 1, periodMs: 1, burst: 100 } });
    await queue.do((run) => holdUntil(run, run.now + 5_000));
    const ticket = await queue.start("held", { keys: { rate: "" } });
    await queue.advance(4_999);
    expect(granted(queue)).toEqual([]);
    await queue.advance(1);
    expect(granted(queue)).toEqual([ticket]);
  });

  test("gives a batch to the next execution if its leader ends before it starts", async () => {
    const queue = createSimulatedQueue({ total: 1, batch: { size: 3, periodMs: 1_000, maxBytes: 1_000 } });
    const blocker = await queue.start("blocker");
    for (const name of ["a", "b", "c"])
      await queue.start(name, { keys: { concurrency: "", batch: "" }, payload: name });
    await queue.do(async (run) => await release(run, "inv_a.0"));
    await queue.do(async (run) => await release(run, blocker));
    expect(queue.answers.slice(1)).toMatchObject([
      { ticket: "inv_c.0", answer: { kind: "skipped", reason: "batched", by: "inv_b" } },
      { ticket: "inv_b.0", answer: { kind: "granted", batch: ["b", "c"] } },
    ]);
  });
});

function granted({ answers }: SimulatedQueue) {
  return answers.filter(({ answer }) => answer.kind === "granted").map(({ ticket }) => ticket);
}
