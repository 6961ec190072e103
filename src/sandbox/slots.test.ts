import { describe, expect, it } from "vitest";
import { createSlots } from "./slots.ts";

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
