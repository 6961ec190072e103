import { describe, expect, it } from "vitest";
import { createSlots, createSlotsPerKey } from "./semaphore.ts";

describe("slots", () => {
  it("are given out in the order in which they are asked for", async () => {
    const slots = createSlots(1);
    const first = await slots.take();
    const order: string[] = [];
    const second = slots.take().then((slot) => (order.push("second"), slot));
    const third = slots.take().then((slot) => (order.push("third"), slot));
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(order).toEqual(["second", "third"]);
  });

  it("come back once, however often they are given back", async () => {
    const slots = createSlots(1);
    const slot = await slots.take();
    slot[Symbol.dispose]();
    slot[Symbol.dispose]();
    await slots.take();
    const controller = new AbortController();
    const waiting = slots.take(controller.signal);
    controller.abort(new Error("no second slot"));
    await expect(waiting).rejects.toThrow("no second slot");
  });

  it("pass over those who gave up waiting", async () => {
    const slots = createSlots(1);
    const slot = await slots.take();
    const controller = new AbortController();
    const impatient = slots.take(controller.signal);
    const patient = slots.take();
    controller.abort(new Error("gave up"));
    await expect(impatient).rejects.toThrow("gave up");
    slot[Symbol.dispose]();
    await expect(patient).resolves.toBeDefined();
  });

  it("refuse whoever comes with a signal that is aborted already", async () => {
    await expect(createSlots(1).take(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
  });

  it("refuse those who wait and those who come once they are closed", async () => {
    const slots = createSlots(1);
    await slots.take();
    const waiting = slots.take();
    slots.close(new Error("closed"));
    await expect(waiting).rejects.toThrow("closed");
    await expect(slots.take()).rejects.toThrow("closed");
  });
});

describe("slots per key", () => {
  it("are so many for each key, given out in the order in which they are asked for", async () => {
    const slots = createSlotsPerKey(2);
    const order: string[] = [];
    const take = async (name: string) => {
      const slot = await slots.take("a");
      order.push(name);
      return slot;
    };
    const [first] = [await take("first"), await take("second")];
    const waiting = [take("third"), take("fourth")];
    await slots.take("b");
    expect(order).toEqual(["first", "second"]);
    first[Symbol.dispose]();
    (await waiting[0])?.[Symbol.dispose]();
    await waiting[1];
    expect(order).toEqual(["first", "second", "third", "fourth"]);
  });

  it("pass over those who gave up waiting, and tell them why", async () => {
    const slots = createSlotsPerKey(1);
    const held = await slots.take("a");
    const impatient = new AbortController();
    const gaveUp = slots.take("a", impatient.signal);
    const next = slots.take("a");
    const reason = new Error("no longer wanted");
    impatient.abort(reason);
    await expect(gaveUp).rejects.toBe(reason);
    held[Symbol.dispose]();
    await next;
    await expect(slots.take("b", impatient.signal)).rejects.toBe(reason);
  });

  it("come back once, however often they are given back, also where nobody had one meanwhile", async () => {
    const slots = createSlotsPerKey(1);
    const slot = await slots.take("a");
    slot[Symbol.dispose]();
    await slots.take("a");
    slot[Symbol.dispose]();
    const controller = new AbortController();
    const waiting = slots.take("a", controller.signal);
    controller.abort(new Error("no second slot"));
    await expect(waiting).rejects.toThrow("no second slot");
  });
});
