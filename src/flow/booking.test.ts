import { expect, test } from "vitest";
import { book } from "./booking.ts";
import { holdUntil } from "./queue.ts";
import { createSimulatedQueue } from "./testing/simulated-queue.ts";

const limits = { rate: { limit: 1, periodMs: 1_000, burst: 1 } };
const rated = { keys: { concurrency: "", rate: "" } };

test("a booked token is not granted to what waits", async () => {
  const queue = createSimulatedQueue(limits);
  const began = queue.now;
  await queue.start("first", rated);
  await queue.start("second", rated);
  let booked: unknown;
  await queue.do(async (run) => {
    booked = await book(run, "", began + 10_000);
  });
  expect(booked).toEqual({ at: began + 1_000 });
  await queue.advance(5_000);
  expect(queue.answers.map(({ at }) => at - began)).toEqual([0, 2_000]);
});

test("bookings leave every second token to what waits", async () => {
  const queue = createSimulatedQueue(limits);
  const began = queue.now;
  for (let number = 0; number < 5; number += 1) await queue.start(String(number), rated);
  let booked = 0;
  // Requests that are redirected or retried ask for tokens all the time.
  for (let step = 0; step < 100; step += 1) {
    await queue.do(async (run) => {
      const booking = await book(run, "", began + 1e9);
      if (booking !== null && "at" in booking) booked += 1;
    });
    await queue.advance(100);
  }
  expect(queue.answers.map(({ at }) => at - began)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  expect(booked).toBe(6);
});

test("bookings delay what arrives later by one token", async () => {
  const queue = createSimulatedQueue(limits);
  const began = queue.now;
  await queue.start("first", rated);
  const bookings: unknown[] = [];
  for (let number = 0; number < 50; number += 1)
    await queue.do(async (run) => void bookings.push(await book(run, "", began + 1e9)));
  expect(bookings.slice(0, 2)).toEqual([{ at: began + 1_000 }, { retryAt: began + 2_000 }]);
  await queue.start("later", rated);
  await queue.advance(60_000);
  expect(queue.answers.map(({ at }) => at - began)).toEqual([0, 2_000]);
});

test("a token that is available too late is not taken", async () => {
  const queue = createSimulatedQueue(limits);
  await queue.start("first", rated);
  const answers: unknown[] = [];
  await queue.do(async (run) => void answers.push(await book(run, "", run.now + 999)));
  await queue.do((run) => holdUntil(run, run.now + 60_000));
  await queue.do(async (run) => void answers.push(await book(run, "", run.now + 59_999)));
  await queue.do(async (run) => void answers.push(await book(run, "", run.now + 60_000)));
  expect(answers).toEqual([null, null, { at: queue.now + 60_000 }]);
});
