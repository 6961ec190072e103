import { expect, test } from "vitest";
import { startPeriodic } from "./periodic.ts";

function recordErrors() {
  const errors: string[] = [];
  const logger = {
    error: (message: string, fields?: { error?: unknown }) =>
      void errors.push(`${message}: ${String(fields?.error)}`),
  };
  return { errors, logger };
}

test("a task runs again after a failure, and equal failures in a row are logged once", async () => {
  const { errors, logger } = recordErrors();
  const outcomes = ["down", "down", undefined, "down", "other"];
  const { promise: isOver, resolve: over } = Promise.withResolvers<void>();
  await using _task = startPeriodic(
    async () => {
      if (outcomes.length === 0) over();
      const outcome = outcomes.shift();
      if (outcome !== undefined) throw new Error(outcome);
    },
    { intervalMs: 1, failure: "cannot sweep", logger },
  );
  await isOver;
  expect(errors).toEqual([
    "cannot sweep: Error: down",
    "cannot sweep: Error: down",
    "cannot sweep: Error: other",
  ]);
});

test("disposal aborts the current run, waits for it, logs nothing and starts no other", async () => {
  const { errors, logger } = recordErrors();
  const { promise: hasStarted, resolve: started } = Promise.withResolvers<void>();
  let runs = 0;
  const task = startPeriodic(
    async (signal) => {
      runs += 1;
      started();
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    },
    { intervalMs: 0, failure: "cannot sweep", logger },
  );
  await hasStarted;
  await task[Symbol.asyncDispose]();
  expect({ runs, errors }).toEqual({ runs: 1, errors: [] });
});
