import { expect, test } from "vitest";
import type { AlertCondition, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { createAlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import { createAlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import { createAlertRuleStore } from "../../stores/alerts/alert-rules.ts";
import { createKeyRing, generateKey, parseKeys } from "../../stores/data-directory/key-ring.ts";
import type { ExecutionEnd } from "../../stores/logs/execution-ends.ts";
import { createSqliteLogSink } from "../../stores/logs/sqlite-log-sink.ts";
import { createSyncEndQueries } from "../../stores/logs/sync-end-queries.ts";
import { openSqlite } from "../../stores/sql/sqlite.ts";
import { endNumbered, failureNumbered } from "../../stores/testing/log-lines.ts";
import { evaluateEnds } from "./evaluate-ends.ts";
import { evaluateMissed } from "./evaluate-missed.ts";
import { alertGroupMs, maxAlertsPerHour, maxIncidentsPerAlert } from "./limits.ts";

const minuteMs = 60_000;

/** Rules over a database in memory, with a clock that the test sets. */
function openEvaluation() {
  const stack = new DisposableStack();
  const database = stack.use(openSqlite(":memory:"));
  const stores = {
    rules: createAlertRuleStore(database, createKeyRing(parseKeys(generateKey()))),
    incidents: createAlertIncidentStore(database),
    outbox: createAlertOutbox(database),
    endsInTransaction: createSyncEndQueries(database),
  };
  const sink = createSqliteLogSink(database);
  let number = 0;
  const evaluation = {
    ...stores,
    now: 100 * minuteMs,
    addRule: (condition: AlertCondition, changes: Partial<AlertRule> = {}) =>
      stores.rules.put({
        id: "rule",
        isEnabled: true,
        condition,
        channels: [{ id: "c", kind: "email", to: ["ops@example.com"] }],
        sendsRecovery: true,
        quietMs: 10 * minuteMs,
        createdAt: 0,
        updatedAt: 0,
        updatedBy: "test",
        ...changes,
      }),
    /** Stores ends in order and evaluates them: `F` failed, `C` completed, `X` was cancelled. */
    end(letters: string, changes: Partial<ExecutionEnd> = {}) {
      const ends = Array.from(letters, (letter) => {
        number += 1;
        const own = { endedAt: evaluation.now, ...changes };
        if (letter === "F") return failureNumbered(number, own);
        return endNumbered(number, letter === "X" ? { outcome: "cancelled", ...own } : own);
      });
      void sink.append(ends);
      while (evaluateEnds(stores, evaluation.now));
    },
    /** Seals the alerts that are due. */
    seal() {
      stores.outbox.claim({
        process: "test",
        now: evaluation.now + alertGroupMs,
        leaseMs: minuteMs,
        limit: 1_000,
        refresh: (content) => ({
          ...content,
          incidents: content.incidents.map(
            ({ id, ...incident }) => stores.incidents.find(id) ?? { id, ...incident },
          ),
        }),
      });
    },
    /** Seals the alerts that are due, and lists all of them, oldest first: `opened orders 3`. */
    sent() {
      evaluation.seal();
      const { items } = stores.outbox.list({}, { limit: 1_000 });
      return items
        .toReversed()
        .map(({ kind, content }) =>
          [kind, ...content.incidents.map(({ workflowId, count }) => `${workflowId} ${count}`)].join(" "),
        );
    },
    [Symbol.dispose]: () => stack.dispose(),
  };
  return evaluation;
}

test("a hundred failures make one alert, and the recovery makes one more", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" });
  evaluation.end("C");
  evaluation.end("F".repeat(60));
  expect(evaluation.sent()).toEqual(["opened orders 60"]);
  evaluation.end("F".repeat(40));
  evaluation.now += 60 * minuteMs;
  evaluation.end("FXF");
  expect(evaluation.sent()).toEqual(["opened orders 60"]);
  evaluation.end("CC");
  expect(evaluation.sent()).toEqual(["opened orders 60", "recovered orders 102"]);
});

test("an alert names the error, its place and an execution", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" });
  evaluation.end("F");
  const [incident] = evaluation.incidents.open();
  expect(incident).toMatchObject({
    summary: "TypeError: x is not a function (orders.ts:12)",
    executionId: failureNumbered(1).executionId,
    failureId: "0123456789abcdef",
  });
});

test("failures in a row are counted per workflow, without cancelled executions, and across evaluations", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "failures-in-a-row", count: 3 });
  evaluation.end("FFCF");
  evaluation.end("F", { workflowId: "refunds" as WorkflowId });
  evaluation.end("XF");
  expect(evaluation.sent()).toEqual([]);
  evaluation.end("F");
  expect(evaluation.sent()).toEqual(["opened orders 3"]);
});

test("executions that ended before the rule was added are not evaluated, and neither are those of other workflows", () => {
  using evaluation = openEvaluation();
  evaluation.end("FFF");
  evaluation.addRule({ kind: "failures-in-a-row", count: 2 }, { workflowId: "orders" as WorkflowId });
  evaluation.end("FF", { workflowId: "refunds" as WorkflowId });
  evaluation.end("F");
  expect(evaluation.sent()).toEqual([]);
  evaluation.end("F");
  expect(evaluation.sent()).toEqual(["opened orders 2"]);
});

test("a failure rate needs enough executions, and closes when it falls", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "failure-rate", percent: 50, windowMs: 5 * minuteMs, minRuns: 4 });
  evaluation.end("FFF");
  expect(evaluation.sent()).toEqual([]);
  evaluation.end("CF");
  expect(evaluation.sent()).toEqual(["opened orders 4"]);
  evaluation.end("CCCC");
  expect(evaluation.sent()).toEqual(["opened orders 4", "recovered orders 4"]);
  evaluation.now += 30 * minuteMs;
  evaluation.end("FFFF");
  evaluation.now += 30 * minuteMs;
  evaluation.end("");
  expect(evaluation.sent().slice(2)).toEqual(["opened orders 4", "recovered orders 4"]);
});

test("a workflow that fails and recovers by turns makes one alert per quiet period", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" });
  for (let turn = 0; turn < 18; turn += 1) {
    evaluation.end("FC");
    evaluation.seal();
    evaluation.now += minuteMs;
  }
  expect(evaluation.sent()).toEqual([
    "opened orders 1",
    "recovered orders 1",
    "opened orders 1",
    "recovered orders 1",
  ]);
});

test("a failure within the quiet period that lasts is alerted to when the period ends", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" }, { sendsRecovery: false });
  evaluation.end("FCFF");
  expect(evaluation.sent()).toEqual(["opened orders 1"]);
  evaluation.now += 10 * minuteMs;
  evaluation.end("");
  expect(evaluation.sent()).toEqual(["opened orders 1", "opened orders 2"]);
});

test("a rule about recoveries alerts only to them", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "recovered" });
  evaluation.end("CFF");
  expect(evaluation.sent()).toEqual([]);
  evaluation.end("C");
  expect(evaluation.sent()).toEqual(["recovered orders 2"]);
});

test("workflows that fail together share an alert, and the number of alerts per hour is limited", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" });
  const fail = (name: string) => evaluation.end("F", { workflowId: name as WorkflowId });
  for (let index = 0; index <= maxIncidentsPerAlert; index += 1) fail(`w${index}`);
  expect(evaluation.sent().map((alert) => alert.split(" ").length)).toEqual([
    1 + 2 * maxIncidentsPerAlert,
    3,
  ]);
  for (let index = 0; index < maxAlertsPerHour; index += 1) {
    fail(`v${index}`);
    evaluation.seal();
  }
  expect(evaluation.sent()).toHaveLength(maxAlertsPerHour);
  evaluation.now += 61 * minuteMs;
  evaluation.end("");
  expect(evaluation.sent().length).toBeGreaterThan(maxAlertsPerHour);
});

test("a changed condition starts anew, and a changed channel or name does not", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "first-failure" });
  evaluation.end("F");
  evaluation.addRule({ kind: "first-failure" }, { name: "Failures" });
  expect(evaluation.incidents.open()).toHaveLength(1);
  evaluation.addRule({ kind: "failures-in-a-row", count: 2 });
  expect(evaluation.incidents.open()).toHaveLength(0);
  evaluation.end("F");
  expect(evaluation.incidents.open()).toHaveLength(0);
});

test("a rule about schedules alerts when the number of missed runs grows after it was added", () => {
  using evaluation = openEvaluation();
  evaluation.addRule({ kind: "schedule-missed" });
  const orders = "orders" as WorkflowId;
  const sweep = (missed: number) => {
    evaluateMissed(evaluation, new Map([[orders, missed]]), evaluation.now);
    evaluation.now += minuteMs;
  };
  sweep(7);
  sweep(7);
  expect(evaluation.sent()).toEqual([]);
  sweep(9);
  sweep(9);
  expect(evaluation.sent()).toEqual(["opened orders 9"]);
  expect(evaluation.incidents.open()).toMatchObject([{ summary: "its schedules missed 2 runs, 9 in all" }]);
  evaluation.now += 15 * minuteMs;
  sweep(9);
  expect(evaluation.incidents.open()).toEqual([]);
  sweep(2);
  sweep(3);
  expect(evaluation.sent()).toEqual(["opened orders 9", "opened orders 3"]);
});
