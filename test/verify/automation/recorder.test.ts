import { expect, test } from "vitest";
import { startRecorder } from "./recorder.ts";

const report = { names: ["n"], startedAt: 0, workflow: "w", key: "", workMs: 50 };

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
