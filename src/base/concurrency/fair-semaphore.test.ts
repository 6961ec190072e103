import { describe, expect, test } from "vitest";
import { FairSemaphore } from "./fair-semaphore.ts";

describe("permits that keys share", () => {
  test("a key that waits for its first permit precedes a key that waits for its next", async () => {
    const semaphore = new FairSemaphore({ capacity: 1, perKey: 1 });
    const order: string[] = [];
    const first = await semaphore.take("greedy");
    const waiting = ["greedy", "greedy", "greedy", "modest"].map(async (key) => {
      using _permit = await semaphore.take(key);
      order.push(key);
    });
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual(["modest", "greedy", "greedy", "greedy"]);
  });

  test("a key holds no more than its share, even while other permits are free", async () => {
    const semaphore = new FairSemaphore({ capacity: 4, perKey: 2 });
    using _first = await semaphore.take("greedy");
    const second = await semaphore.take("greedy");
    let hasThird = false;
    const third = semaphore.take("greedy").then((permit) => {
      hasThird = true;
      return permit;
    });
    using _other = await semaphore.take("modest");
    expect(hasThird).toBe(false);
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(hasThird).toBe(true);
  });

  test("permits are not lost when waiting callers give up", async () => {
    const semaphore = new FairSemaphore({ capacity: 1, perKey: 1 });
    const held = await semaphore.take("a");
    const impatient = new AbortController();
    const refused = semaphore.take("b", impatient.signal);
    const patient = semaphore.take("b");
    impatient.abort(new Error("enough"));
    await expect(refused).rejects.toThrow("enough");
    held[Symbol.dispose]();
    (await patient)[Symbol.dispose]();
    (await semaphore.take("a"))[Symbol.dispose]();
  });

  test("permits are counted, and refused to all callers after closing", async () => {
    const semaphore = new FairSemaphore({ capacity: 1, perKey: 1 });
    const held = await semaphore.take("a");
    const refused = expect(Promise.all([semaphore.take("a"), semaphore.take("b")])).rejects.toThrow("over");
    expect([semaphore.taken, semaphore.waiting]).toEqual([1, 2]);
    semaphore.close(new Error("over"));
    await refused;
    await expect(semaphore.take("c")).rejects.toThrow("over");
    held[Symbol.dispose]();
    expect([semaphore.taken, semaphore.waiting]).toEqual([0, 0]);
  });
});
