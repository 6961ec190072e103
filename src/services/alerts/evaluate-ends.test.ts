import { expect, test } from "vitest";
import type { AlertCondition, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { createAlertEvaluation } from "../../stores/alerts/alert-evaluation.ts";
import { createAlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import { createAlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import { createAlertRuleStore } from "../../stores/alerts/alert-rules.ts";
import { createKeyRing, generateKey, parseKeys } from "../../stores/data-directory/key-ring.ts";
import type { ExecutionEnd } from "../../stores/logs/execution-ends.ts";
import type { Database } from "../../stores/sql/database.ts";
import { describeOnEachDatabase } from "../../stores/testing/databases.ts";
import { sinkOf } from "../../stores/testing/log-sinks.ts";
import { endNumbered, failureNumbered } from "../../stores/testing/log-lines.ts";
import { evaluateEnds } from "./evaluate-ends.ts";
import { evaluateMissed } from "./evaluate-missed.ts";
import { alertGroupMs, maxAlertsPerHour, maxIncidentsPerAlert } from "./limits.ts";

const minuteMs = 60_000;

/** Rules over an empty database, with a clock that the test sets. */
function openEvaluation(database: Database) {
  const keys = createKeyRing(parseKeys(generateKey()));
  const stores = {
    rules: createAlertRuleStore(database, keys),
    evaluate: createAlertEvaluation(database, keys),
    incidents: createAlertIncidentStore(database),
    outbox: createAlertOutbox(database),
  };
  const sink = sinkOf(database);
  let number = 0;
  const evaluation = {
    ...stores,
    now: 100 * minuteMs,
    addRule: async (condition: AlertCondition, changes: Partial<AlertRule> = {}) =>
      await stores.rules.put({
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
    async end(letters: string, changes: Partial<ExecutionEnd> = {}) {
      const ends = Array.from(letters, (letter) => {
        number += 1;
        const own = { endedAt: evaluation.now, ...changes };
        if (letter === "F") return failureNumbered(number, own);
        return endNumbered(number, letter === "X" ? { outcome: "cancelled", ...own } : own);
      });
      await sink.append(ends);
      while (await evaluateEnds(stores, evaluation.now));
    },
    /** Seals the alerts that are due. */
    async seal() {
      await stores.outbox.claim({
        process: "test",
        now: evaluation.now + alertGroupMs,
        leaseMs: minuteMs,
        limit: 1_000,
      });
    },
    /** Seals the alerts that are due, and lists all of them, oldest first: `opened orders 3`. */
    async sent() {
      await evaluation.seal();
      const { items } = await stores.outbox.list({}, { limit: 1_000 });
      return items
        .toReversed()
        .map(({ kind, content }) =>
          [kind, ...content.incidents.map(({ workflowId, count }) => `${workflowId} ${count}`)].join(" "),
        );
    },
    [Symbol.asyncDispose]: async () => await database[Symbol.asyncDispose](),
  };
  return evaluation;
}

describeOnEachDatabase("the evaluation of rules", (open) => {
  test("a hundred failures make one alert, and the recovery makes one more", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" });
    await evaluation.end("C");
    await evaluation.end("F".repeat(60));
    expect(await evaluation.sent()).toEqual(["opened orders 60"]);
    await evaluation.end("F".repeat(40));
    evaluation.now += 60 * minuteMs;
    await evaluation.end("FXF");
    expect(await evaluation.sent()).toEqual(["opened orders 60"]);
    await evaluation.end("CC");
    expect(await evaluation.sent()).toEqual(["opened orders 60", "recovered orders 102"]);
  });

  test("an alert names the error, its place and an execution", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" });
    await evaluation.end("F");
    const [incident] = await evaluation.incidents.open();
    expect(incident).toMatchObject({
      summary: "TypeError: x is not a function (orders.ts:12)",
      executionId: failureNumbered(1).executionId,
      failureId: "0123456789abcdef",
    });
  });

  test("failures in a row are counted per workflow, without cancelled executions, and across evaluations", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "failures-in-a-row", count: 3 });
    await evaluation.end("FFCF");
    await evaluation.end("F", { workflowId: "refunds" as WorkflowId });
    await evaluation.end("XF");
    expect(await evaluation.sent()).toEqual([]);
    await evaluation.end("F");
    expect(await evaluation.sent()).toEqual(["opened orders 3"]);
  });

  test("executions that ended before the rule was added are not evaluated, and neither are those of other workflows", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.end("FFF");
    await evaluation.addRule({ kind: "failures-in-a-row", count: 2 }, { workflowId: "orders" as WorkflowId });
    await evaluation.end("FF", { workflowId: "refunds" as WorkflowId });
    await evaluation.end("F");
    expect(await evaluation.sent()).toEqual([]);
    await evaluation.end("F");
    expect(await evaluation.sent()).toEqual(["opened orders 2"]);
  });

  test("a failure rate needs enough executions, and closes when it falls", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "failure-rate", percent: 50, windowMs: 5 * minuteMs, minRuns: 4 });
    await evaluation.end("FFF");
    expect(await evaluation.sent()).toEqual([]);
    await evaluation.end("CF");
    expect(await evaluation.sent()).toEqual(["opened orders 4"]);
    await evaluation.end("CCCC");
    expect(await evaluation.sent()).toEqual(["opened orders 4", "recovered orders 4"]);
    evaluation.now += 30 * minuteMs;
    await evaluation.end("FFFF");
    evaluation.now += 30 * minuteMs;
    await evaluation.end("");
    expect((await evaluation.sent()).slice(2)).toEqual(["opened orders 4", "recovered orders 4"]);
  });

  test("a workflow that fails and recovers by turns makes one alert per quiet period", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" });
    for (let turn = 0; turn < 18; turn += 1) {
      await evaluation.end("FC");
      await evaluation.seal();
      evaluation.now += minuteMs;
    }
    expect(await evaluation.sent()).toEqual([
      "opened orders 1",
      "recovered orders 1",
      "opened orders 1",
      "recovered orders 1",
    ]);
  });

  test("a failure within the quiet period that lasts is alerted to when the period ends", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" }, { sendsRecovery: false });
    await evaluation.end("FCFF");
    expect(await evaluation.sent()).toEqual(["opened orders 1"]);
    evaluation.now += 10 * minuteMs;
    await evaluation.end("");
    expect(await evaluation.sent()).toEqual(["opened orders 1", "opened orders 2"]);
  });

  test("a rule about recoveries alerts only to them", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "recovered" });
    await evaluation.end("CFF");
    expect(await evaluation.sent()).toEqual([]);
    await evaluation.end("C");
    expect(await evaluation.sent()).toEqual(["recovered orders 2"]);
  });

  test("workflows that fail together share an alert, and the number of alerts per hour is limited", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" });
    const fail = async (name: string) => await evaluation.end("F", { workflowId: name as WorkflowId });
    for (let index = 0; index <= maxIncidentsPerAlert; index += 1) await fail(`w${index}`);
    expect((await evaluation.sent()).map((alert) => alert.split(" ").length)).toEqual([
      1 + 2 * maxIncidentsPerAlert,
      3,
    ]);
    for (let index = 0; index < maxAlertsPerHour; index += 1) {
      await fail(`v${index}`);
      await evaluation.seal();
    }
    expect(await evaluation.sent()).toHaveLength(maxAlertsPerHour);
    evaluation.now += 61 * minuteMs;
    await evaluation.end("");
    expect((await evaluation.sent()).length).toBeGreaterThan(maxAlertsPerHour);
  });

  test("a changed condition starts anew, and a changed channel or name does not", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "first-failure" });
    await evaluation.end("F");
    await evaluation.addRule({ kind: "first-failure" }, { name: "Failures" });
    expect(await evaluation.incidents.open()).toHaveLength(1);
    await evaluation.addRule({ kind: "failures-in-a-row", count: 2 });
    expect(await evaluation.incidents.open()).toHaveLength(0);
    await evaluation.end("F");
    expect(await evaluation.incidents.open()).toHaveLength(0);
  });

  test("a rule about schedules alerts when the number of missed runs grows after it was added", async () => {
    await using evaluation = openEvaluation(await open());
    await evaluation.addRule({ kind: "schedule-missed" });
    const orders = "orders" as WorkflowId;
    const sweep = async (missed: number) => {
      await evaluateMissed(evaluation.evaluate, new Map([[orders, missed]]), evaluation.now);
      evaluation.now += minuteMs;
    };
    await sweep(7);
    await sweep(7);
    expect(await evaluation.sent()).toEqual([]);
    await sweep(9);
    await sweep(9);
    expect(await evaluation.sent()).toEqual(["opened orders 9"]);
    expect(await evaluation.incidents.open()).toMatchObject([
      { summary: "its schedules missed 2 runs, 9 in all" },
    ]);
    evaluation.now += 15 * minuteMs;
    await sweep(9);
    expect(await evaluation.incidents.open()).toEqual([]);
    await sweep(2);
    await sweep(3);
    expect(await evaluation.sent()).toEqual(["opened orders 9", "opened orders 3"]);
  });
});
