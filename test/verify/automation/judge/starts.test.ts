import { expect, test } from "vitest";
import type { QueueCase } from "../queue-workload.ts";
import type { Report, Work } from "../recorder.ts";
import {
  certainOrderMs,
  judgeActive,
  judgeDebounce,
  judgeHostRate,
  judgeOrder,
  judgeRate,
} from "./starts.ts";

const queue: QueueCase = { workflow: "w", in: "code", slots: 1, keys: 1, parts: 1, flow: {} };

function report(changed: Partial<Report> = {}): Report {
  const { execution = "e", key = "", startedAt = 0, part = 1, parts = 1 } = changed;
  return {
    execution,
    names: [execution],
    startedAt,
    workflow: "w",
    key,
    workMs: 0,
    part,
    parts,
    fails: false,
  };
}

test("a rate is exceeded if more than its burst start before its interval has passed", () => {
  const rated = { ...queue, flow: { rateLimit: { limit: 10, period: "PT1S", burst: 2 } } };
  const judged = (times: readonly number[]) =>
    judgeRate(
      rated,
      times.map((startedAt) => report({ startedAt })),
    );
  expect(judged([0, 0, 100, 200, 1_000, 1_000])).toEqual([]);
  expect(judged([0, 0, 50])).toHaveLength(1);
  expect(judged([0, 0, 100, 200, 250])).toHaveLength(1);
});

test("the rate of a host is measured at the target over all of its workflows, with a tolerance", () => {
  const one = { ...queue, hostRate: { limit: 10, period: "1s", burst: 2 } };
  const queues = [one, { ...one, workflow: "v" }, { ...queue, workflow: "u" }];
  const judged = (times: readonly number[], workflow = "v") =>
    judgeHostRate(
      queues,
      times.map((receivedAt, index): Work => {
        return { report: { ...report(), workflow: index % 2 === 0 ? "w" : workflow }, receivedAt };
      }),
    );
  const evenly = Array.from({ length: 60 }, (_, index) => index * 100);
  expect(judged(evenly)).toEqual([]);
  // 19 requests were held up, and arrive with the next one.
  expect(judged(evenly.map((at) => Math.max(at, 1_900)))).toEqual([]);
  expect(judged(evenly.map((at) => at / 2))).not.toEqual([]);
  expect(
    judged(
      evenly.map((at) => at / 2),
      "u",
    ),
  ).toEqual([]);
});

test("two starts of a debounce with one key within its period are too many", () => {
  const debounced = { ...queue, flow: { debounce: { period: "PT1S" } } };
  const judged = (...reports: readonly Report[]) => judgeDebounce(debounced, reports, 1_000);
  expect(judged(report({ startedAt: 5 }), report({ startedAt: 1_005 }))).toEqual([]);
  expect(judged(report({ startedAt: 5 }), report({ startedAt: 900 }))).toHaveLength(1);
  expect(judged(report({ startedAt: 5 }), report({ startedAt: 900, key: "other" }))).toEqual([]);
});

/** The works of executions with two parts. */
function twoParts(...executions: readonly (readonly [begin: number, end: number])[]): Work[] {
  return executions.flatMap(([begin, end], index) => [
    { report: report({ execution: `${index}`, part: 1, parts: 2 }), receivedAt: begin, endedAt: begin + 1 },
    { report: report({ execution: `${index}`, part: 2, parts: 2 }), receivedAt: end - 1, endedAt: end },
  ]);
}

test("executions that sleep release their slots if more of them have begun than there are slots", () => {
  const active: QueueCase = { ...queue, parts: 2, flow: { concurrency: { total: 1, holds: "active" } } };
  expect(judgeActive(active, twoParts([0, 10], [2, 12]))).toEqual([]);
  expect(judgeActive(active, twoParts([0, 10], [10, 20]))).toHaveLength(1);
});

test("executions of a key start in the order of requests that are certainly in this order", () => {
  const keyed: QueueCase = { ...queue, flow: { concurrency: { perKey: 1, key: "/key" } } };
  const apart = certainOrderMs + 1;
  const judged = (
    requests: readonly (readonly [at: number, startedAt: number, key?: string])[],
    { of = keyed, down = [] }: { of?: QueueCase; down?: readonly { from: number; until: number }[] } = {},
  ) => {
    const reports = requests.map(([, startedAt, key = "a"], index) =>
      report({ execution: `${index}`, startedAt, key }),
    );
    return judgeOrder(of, new Map(reports.map((each) => [each.execution, each])), {
      requested: requests.map(([at], index) => ({ execution: `${index}`, at })),
      disturbances: down,
    });
  };
  expect(
    judged([
      [0, 10_000],
      [apart, 10_001],
    ]),
  ).toEqual({ wrong: [], pairs: 1 });
  expect(
    judged([
      [0, 10_001],
      [apart, 10_000],
    ]).wrong,
  ).toHaveLength(1);
  expect(
    judged([
      [0, 10_001],
      [certainOrderMs, 10_000],
    ]),
  ).toEqual({ wrong: [], pairs: 0 });
  expect(
    judged([
      [0, 10_001],
      [apart, 10_000, "b"],
    ]),
  ).toEqual({ wrong: [], pairs: 0 });
  const unkeyed: QueueCase = { ...queue, flow: { concurrency: { total: 1 } } };
  expect(
    judged(
      [
        [0, 10_001],
        [apart, 10_000, "b"],
      ],
      { of: unkeyed },
    ).wrong,
  ).toHaveLength(1);
  const down = [{ from: 500, until: 600 }];
  expect(
    judged(
      [
        [0, 10_001],
        [apart, 10_000],
      ],
      { down },
    ),
  ).toEqual({ wrong: [], pairs: 0 });
  const shared: QueueCase = { ...queue, flow: { concurrency: { total: 1 }, limits: ["pool"] } };
  expect(
    judged(
      [
        [0, 10_001],
        [apart, 10_000],
      ],
      { of: shared },
    ).pairs,
  ).toBe(0);
});
