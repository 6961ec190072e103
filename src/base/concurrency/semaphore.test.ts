import { describe, expect, test } from "vitest";
import { createSemaphore, createKeyedSemaphore } from "./semaphore.ts";

describe("a semaphore", () => {
  test("permits are granted in the order of the requests", async () => {
    const semaphore = createSemaphore(1);
    const first = await semaphore.take();
    const order: string[] = [];
    const second = semaphore.take().then((permit) => (order.push("second"), permit));
    const third = semaphore.take().then((permit) => (order.push("third"), permit));
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(order).toEqual(["second", "third"]);
  });

  test("a permit that is released twice counts once", async () => {
    const semaphore = createSemaphore(1);
    const permit = await semaphore.take();
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    await semaphore.take();
    const controller = new AbortController();
    const waiting = semaphore.take(controller.signal);
    controller.abort(new Error("no second slot"));
    await expect(waiting).rejects.toThrow("no second slot");
  });

  test("permits skip callers that gave up waiting", async () => {
    const semaphore = createSemaphore(1);
    const permit = await semaphore.take();
    const controller = new AbortController();
    const impatient = semaphore.take(controller.signal);
    const patient = semaphore.take();
    controller.abort(new Error("gave up"));
    await expect(impatient).rejects.toThrow("gave up");
    permit[Symbol.dispose]();
    await expect(patient).resolves.toBeDefined();
  });

  test("a call with an aborted signal rejects", async () => {
    await expect(createSemaphore(1).take(AbortSignal.abort(new Error("too late")))).rejects.toThrow(
      "too late",
    );
  });

  test("waiting and new callers are rejected after closing", async () => {
    const semaphore = createSemaphore(1);
    await semaphore.take();
    const waiting = semaphore.take();
    semaphore.close(new Error("closed"));
    await expect(waiting).rejects.toThrow("closed");
    await expect(semaphore.take()).rejects.toThrow("closed");
  });
});

describe("a semaphore per key", () => {
  test("each key has its own permits, granted in the order of the requests", async () => {
    const semaphore = createKeyedSemaphore(2);
    const order: string[] = [];
    const take = async (name: string) => {
      const permit = await semaphore.take("a");
      order.push(name);
      return permit;
    };
    const [first] = [await take("first"), await take("second")];
    const waiting = [take("third"), take("fourth")];
    await semaphore.take("b");
    expect(order).toEqual(["first", "second"]);
    first[Symbol.dispose]();
    (await waiting[0])?.[Symbol.dispose]();
    await waiting[1];
    expect(order).toEqual(["first", "second", "third", "fourth"]);
  });

  test("an aborted caller is skipped, and rejects with the reason of its signal", async () => {
    const semaphore = createKeyedSemaphore(1);
    const held = await semaphore.take("a");
    const impatient = new AbortController();
    const gaveUp = semaphore.take("a", impatient.signal);
    const next = semaphore.take("a");
    const reason = new Error("no longer wanted");
    impatient.abort(reason);
    await expect(gaveUp).rejects.toBe(reason);
    held[Symbol.dispose]();
    await next;
    await expect(semaphore.take("b", impatient.signal)).rejects.toBe(reason);
  });

  test("a keyed permit that is released twice counts once", async () => {
    const semaphore = createKeyedSemaphore(1);
    const permit = await semaphore.take("a");
    permit[Symbol.dispose]();
    await semaphore.take("a");
    permit[Symbol.dispose]();
    const controller = new AbortController();
    const waiting = semaphore.take("a", controller.signal);
    controller.abort(new Error("no second slot"));
    await expect(waiting).rejects.toThrow("no second slot");
  });
});
