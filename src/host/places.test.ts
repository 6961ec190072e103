import { expect, test } from "vitest";
import { createPlaces } from "./places.ts";

const { signal } = new AbortController();

test("as many are taken of each key as there are, and who comes then is given one in turn", async () => {
  const places = createPlaces(2);
  const order: string[] = [];
  const took = async (name: string) => {
    const place = await places.take("a", signal);
    order.push(name);
    return place;
  };
  const [first] = [await took("first"), await took("second")];
  const waiting = [took("third"), took("fourth")];
  await places.take("b", signal);
  expect(order).toEqual(["first", "second"]);
  first[Symbol.dispose]();
  (await waiting[0])?.[Symbol.dispose]();
  await waiting[1];
  expect(order).toEqual(["first", "second", "third", "fourth"]);
});

test("who gives up waiting is told why, and the place goes to the next", async () => {
  const places = createPlaces(1);
  const held = await places.take("a", signal);
  const impatient = new AbortController();
  const reason = new Error("no longer wanted");
  const gaveUp = places.take("a", impatient.signal);
  const next = places.take("a", signal);
  impatient.abort(reason);
  await expect(gaveUp).rejects.toBe(reason);
  held[Symbol.dispose]();
  await next;
  await expect(places.take("b", impatient.signal)).rejects.toBe(reason);
});

test("a place that was given back is there again, also where nobody had it meanwhile", async () => {
  const places = createPlaces(1);
  for (let round = 0; round < 3; round += 1) (await places.take("a", signal))[Symbol.dispose]();
  await places.take("a", signal);
});
