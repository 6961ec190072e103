import { describe, expect, test } from "vitest";
import { workflowQueue } from "../domain/flow/queue-id.ts";
import type { RateLimit } from "../domain/flow/queue-limits.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import { continueWaiting, reclaim, resumed, resumePaused, suspend, unclaim } from "./pauses.ts";
import { purge, remove } from "./purge.ts";
import { acquire, drain, holdUntil, pause, release, resume } from "./queue.ts";
import type { Ticket } from "./queue-records.ts";
import { createSimulatedQueue } from "./testing/simulated-queue.ts";
import type { SimulatedQueue } from "./testing/simulated-queue.ts";

const toReclaim = { slots: [{ queue: workflowQueue(parseWorkflowId("w")), number: 0 }], index: 0 };

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

  test("puts an execution whose request is late before those accepted after it, without reading all that wait", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const start = async (acceptedAt: number) => await queue.start(String(acceptedAt), { acceptedAt });
    const first = await start(0);
    const tickets = new Map<number, Ticket>();
    // Every fifth request is overtaken by the two that follow it.
    for (let at = 10; at < 1_000; at += 10) {
      const overtaken = at % 50 === 0;
      for (const each of overtaken ? [at + 1, at + 2, at] : [at]) tickets.set(each, await start(each));
      expect(queue.lastAccesses).toBeLessThan(overtaken ? 32 : 16);
    }
    await queue.do(async (run) => await release(run, tickets.get(50) ?? first));
    tickets.delete(50);
    // It arrives so late that it passes only some of the others.
    const late = await start(1);
    expect(queue.lastAccesses).toBeLessThan(450);
    await releaseAll(queue, first);
    const order = [...tickets].toSorted(([one], [other]) => one - other).map(([, ticket]) => ticket);
    expect(granted(queue).filter((ticket) => ticket !== late)).toEqual([first, ...order]);
    expect(granted(queue).indexOf(late)).toBe(1 + order.length - 100);
  });

  test("keeps executions without a time of acceptance in the order of their requests", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const running = await queue.start("running");
    const old = [await queue.start("old 1"), await queue.start("old 2")];
    await queue.advance(10);
    const acceptedAt = queue.now;
    await queue.advance(10);
    old.push(await queue.start("old 3"));
    const later = await queue.start("later", { acceptedAt });
    await releaseAll(queue, running);
    expect(granted(queue)).toEqual([running, old[0], old[1], later, old[2]]);
  });

  test("gives a batch the payloads in the order in which its executions were accepted", async () => {
    const queue = createSimulatedQueue({ batch: { size: 3, periodMs: 1_000, maxBytes: 1e6 } });
    const keys = { concurrency: "", batch: "" };
    for (const acceptedAt of [2, 3, 1])
      await queue.start(String(acceptedAt), { keys, acceptedAt, payload: acceptedAt });
    const leaders = queue.answers.filter(({ answer }) => answer.kind === "granted");
    expect(leaders).toMatchObject([{ ticket: "inv_1.0", answer: { batch: [1, 2, 3] } }]);
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

  test("gives the slot of a paused execution to another one, and resumes it when it holds one again", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const [paused, other] = [await queue.start("paused"), await queue.start("other")];
    await queue.advance(1);
    await queue.do(async (run) => await suspend(run, paused, "paused"));
    expect(granted(queue)).toEqual([paused, other]);
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    expect(queue.reclaimed).toEqual([]);
    await queue.do(async (run) => await release(run, other));
    expect(queue.reclaimed).toEqual(["inv_paused"]);
    expect(queue.records.get("core")).toMatchObject({ running: 1, waiting: 0 });
  });

  test("does not take the slot of an execution that is being resumed, or was after it was seen as paused", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const [paused] = [await queue.start("paused"), await queue.start("other")];
    const seenAt = queue.now;
    await queue.advance(1);
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    expect(queue.reclaimed).toEqual(["inv_paused"]);
    await queue.do(async (run) => await suspend(run, paused, "paused"));
    await queue.do(async (run) => await resumed(run, paused));
    await queue.do(async (run) => await suspend(run, paused, "paused", seenAt));
    expect(granted(queue)).toEqual([paused]);
    await queue.advance(1);
    await queue.do(async (run) => await suspend(run, paused, "paused"));
    expect(granted(queue)).toHaveLength(2);
  });

  test("ends the resumption of an execution that is paused again, whether it waits for its slot or holds it", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const [paused, other] = [await queue.start("paused"), await queue.start("other")];
    await queue.advance(1);
    await queue.do(async (run) => await suspend(run, paused, "paused"));
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    await queue.do(async (run) => await unclaim(run, paused));
    await queue.do(async (run) => await release(run, other));
    expect(queue.records.get("core")).toMatchObject({ running: 0, waiting: 0 });
    expect(queue.reclaimed).toEqual([]);
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    expect(queue.records.get("core")).toMatchObject({ running: 1, waiting: 0 });
    await queue.do(async (run) => await unclaim(run, paused));
    expect(queue.records.get("core")).toMatchObject({ running: 0, waiting: 0 });
  });

  test("counts an execution once that Restate resumed while it waited for its slot", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    const [paused, other] = [await queue.start("paused"), await queue.start("other")];
    await queue.advance(1);
    await queue.do(async (run) => await suspend(run, paused, "paused"));
    await queue.do(async (run) => await reclaim(run, paused, toReclaim));
    await queue.do(async (run) => await resumePaused(run, paused));
    expect(queue.records.get("core")).toMatchObject({ running: 2, waiting: 0 });
    for (const ticket of [other, paused]) await queue.do(async (run) => await release(run, ticket));
    expect(queue.records.get("core")).toMatchObject({ running: 0, waiting: 0 });
    expect(queue.reclaimed).toEqual([]);
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

  test("of a deleted workflow skips what waits, lets continue what runs, and leaves no record", async () => {
    const limits = {
      total: 2,
      debounce: { periodMs: 1_000 },
      batch: { size: 9, periodMs: 1_000, maxBytes: 99 },
    };
    const queue = createSimulatedQueue(limits);
    const [running, waits] = [await queue.start("running"), await queue.start("waits")];
    await queue.do(async (run) => await suspend(run, waits, "waits"));
    await queue.start("blocker");
    await queue.do(async (run) => await continueWaiting(run, waits, 1));
    await queue.do((run) => pause(run, { at: run.now }));
    await queue.start("queued");
    await queue.start("debounced", { keys: { concurrency: "", debounce: "" } });
    await queue.start("batched", { keys: { concurrency: "", batch: "" } });
    await queue.do(async (run) => await remove(run, run.now));
    const skipped = queue.answers.filter(({ answer }) => answer.kind === "skipped");
    expect(skipped.map(({ ticket }) => ticket)).toEqual(["inv_queued.0", "inv_debounced.0", "inv_batched.0"]);
    expect(skipped[0]?.answer).toMatchObject({ reason: "workflow-deleted" });
    expect(granted(queue).at(-1)).toBe("inv_waits.1");
    // An execution that started before the deletion, and whose request comes after it.
    await queue.start("late");
    expect(queue.answers.at(-1)).toMatchObject({ answer: { reason: "workflow-deleted" } });
    for (const ticket of [running, waits, "inv_blocker.0"] as const)
      await queue.do(async (run) => await release(run, ticket));
    await queue.advance(60_000);
    expect([...queue.records]).toEqual([]);
    // A later workflow of this name.
    const request = { keys: { concurrency: "" }, priority: 0 };
    const later = { limits: { total: 1 }, at: queue.now };
    await queue.do(async (run) => await acquire(run, "inv_new.0", request, later));
    expect(granted(queue).at(-1)).toBe("inv_new.0");
  });

  test("of a deleted workflow admits a workflow that is deployed under its name while something still runs", async () => {
    const queue = createSimulatedQueue({ total: 1 });
    await queue.start("running");
    await queue.do(async (run) => await remove(run, run.now));
    await queue.advance(1);
    const dated = { limits: { total: 2 }, at: queue.now };
    const request = { keys: { concurrency: "" }, priority: 0 };
    await queue.do(async (run) => await acquire(run, "inv_new.0", request, dated));
    expect(granted(queue).at(-1)).toBe("inv_new.0");
    expect(queue.records.get("core")).toMatchObject({ running: 2, limits: { total: 2 } });
    expect(queue.records.get("core")).not.toHaveProperty("removedAt");
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

  test("cancels the execution of a singleton that continues after a wait, and starts its successor", async () => {
    const queue = createSimulatedQueue({ total: 1, singleton: "cancel-running" });
    const [first, other] = [await startSingleton(queue, "first", "x"), "inv_other.0"] as const;
    await queue.do(async (run) => await suspend(run, first, "waits"));
    await startSingleton(queue, "other", "y");
    await queue.do(async (run) => await continueWaiting(run, first, 1));
    const next = await startSingleton(queue, "next", "x");
    expect(queue.cancelled).toEqual(["inv_first"]);
    // Its cancellation makes it release its slot.
    await queue.do(async (run) => await release(run, first));
    await queue.do(async (run) => await release(run, other));
    expect(granted(queue)).toEqual([first, other, next]);
    expect([...queue.records.keys()].filter((key) => key.includes("first"))).toEqual([]);
  });

  test.each<[string, RateLimit]>([
    ["delays", { limit: 1, periodMs: 1_000, burst: 1 }],
    ["rejects", { limit: 1, periodMs: 1_000, burst: 1, rejects: true }],
  ])("whose rate %s keeps no record of keys that have not occurred lately", async (_, rate) => {
    const queue = createSimulatedQueue({ rate });
    for (let number = 0; number < 1_000; number += 1) {
      await queue.start(String(number), { keys: { concurrency: "", rate: `key ${number}` } });
      expect(queue.lastAccesses).toBeLessThan(30);
    }
    await queue.advance(10_000);
    for (let number = 0; number < 1_000; number += 1) {
      await queue.start(`again ${number}`, { keys: { concurrency: "", rate: "one" } });
      await queue.advance(1_000);
    }
    expect(granted(queue)).toHaveLength(2_000);
    expect(queue.records.size).toBeLessThan(5);
  });

  test("stores the payloads of a batch apart from what lists read, and forgets them", async () => {
    const queue = createSimulatedQueue({ batch: { size: 3, periodMs: 1_000, maxBytes: 1e6 } });
    for (const name of ["a", "b", "c"]) {
      await queue.start(name, { keys: { concurrency: "", batch: "" }, payload: "x".repeat(1_000) });
      const waiting = [...queue.records].filter(([key]) => key.startsWith("w/"));
      expect(JSON.stringify(waiting).length).toBeLessThan(500);
    }
    expect([...queue.records.keys()]).toEqual(["core"]);
  });

  test("limits a batch by the bytes of its payloads", async () => {
    const queue = createSimulatedQueue({ batch: { size: 10, periodMs: 1_000, maxBytes: 100 } });
    for (const name of ["a", "b", "c"])
      await queue.start(name, { keys: { concurrency: "", batch: "" }, payload: "€".repeat(20) });
    await queue.advance(1_000);
    const batches = queue.answers.flatMap(({ answer }) => ("batch" in answer ? [answer.batch] : []));
    expect(batches).toHaveLength(3);
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

async function startSingleton(queue: SimulatedQueue, name: string, singleton: string): Promise<Ticket> {
  return await queue.start(name, { keys: { concurrency: "", singleton } });
}

function granted({ answers }: SimulatedQueue) {
  return answers.filter(({ answer }) => answer.kind === "granted").map(({ ticket }) => ticket);
}

/** Ends what runs in turn, until nothing waits. */
async function releaseAll(queue: SimulatedQueue, first: Ticket): Promise<void> {
  for (let running: Ticket | undefined = first, count = 1; running !== undefined; count += 1) {
    const ended: Ticket = running;
    await queue.do(async (run) => await release(run, ended));
    running = granted(queue)[count];
  }
}
