import { expect, test } from "vitest";
import { createLocalCoordination } from "../stores/coordination/local-coordination.ts";
import { createExecutorReports, loadOf } from "./executor-reports.ts";
import { createProcessMetrics } from "./metrics.ts";

const load = { attempts: 12, attemptsInFlight: 3, connections: 24 };

test("an API knows the executors of all machines that have reported lately", async () => {
  let now = 0;
  await using coordination = createLocalCoordination();
  using one = createExecutorReports(coordination, "one", () => now);
  using other = createExecutorReports(coordination, "other", () => now);
  expect(one.list()).toEqual([]);
  other.report(
    new Map([
      [2, load],
      [1, load],
    ]),
  );
  one.report(new Map([[1, { ...load, attempts: 5 }]]));
  expect(one.list()).toEqual([
    { host: "one", process: 1, ...load, attempts: 5 },
    { host: "other", process: 1, ...load },
    { host: "other", process: 2, ...load },
  ]);
  now = 10_000;
  other.report(new Map([[1, { ...load, attempts: 20 }]]));
  now = 20_000;
  expect(one.list()).toEqual([{ host: "other", process: 1, ...load, attempts: 20 }]);
});

test("the load of an executor process is read from its metrics", async () => {
  expect(loadOf(await createProcessMetrics({ executor: () => load }).json())).toEqual(load);
});
