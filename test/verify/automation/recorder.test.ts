import { expect, test } from "vitest";
import { startRecorder } from "./recorder.ts";

const report = {
  names: ["n"],
  startedAt: 0,
  workflow: "w",
  key: "",
  workMs: 50,
  part: 1,
  parts: 1,
  fails: false,
};

test("the target notices executions above a limit, and requests that are repeated without a kill", async () => {
  await using recorder = await startRecorder(() => new Map([["w", 1]]));
  const work = async (execution: string, startedAt = 0) =>
    await fetch(`${recorder.url}/work`, {
      method: "POST",
      body: JSON.stringify({ ...report, execution, startedAt }),
    });
  await work("a");
  await work("b");
  expect([recorder.above, recorder.repeated, recorder.most.get("w")]).toEqual([[], [], 1]);
  await Promise.all([work("c"), work("d")]);
  expect([recorder.above.length, recorder.most.get("w")]).toEqual([1, 2]);
  recorder.disturbed();
  await work("a");
  expect([recorder.repeated, recorder.duplicatedInFlight]).toEqual([[], 1]);
  recorder.setDown(true);
  await work("b");
  recorder.setDown(false);
  await work("b");
  expect(recorder.repeated).toEqual([]);
  await work("a");
  expect(recorder.repeated).toHaveLength(1);
  recorder.disturbed();
  await work("a", 7);
  expect(recorder.repeated).toHaveLength(2);
});

test("the target refuses what is to be retried until its retry is requested, and then accepts it once", async () => {
  await using recorder = await startRecorder(() => new Map());
  const work = async () =>
    await fetch(`${recorder.url}/work`, {
      method: "POST",
      body: JSON.stringify({ ...report, execution: "a", fails: true }),
    });
  expect((await work()).status).toBe(422);
  recorder.mend("n");
  expect((await work()).status).toBe(200);
  expect([recorder.repeated, recorder.duplicatedInFlight]).toEqual([[], 0]);
  await work();
  expect(recorder.repeated).toHaveLength(1);
  expect(recorder.works).toHaveLength(3);
});

test("the parts of an execution are no repetitions of each other", async () => {
  await using recorder = await startRecorder(() => new Map());
  for (const part of [1, 2, 2])
    await fetch(`${recorder.url}/work`, {
      method: "POST",
      body: JSON.stringify({ ...report, execution: "a", part, parts: 2 }),
    });
  expect(recorder.repeated).toEqual(["a repeated part 2 of n without a kill"]);
});
