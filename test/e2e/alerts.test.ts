import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute, setLimits, startExecution, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { startMailSink } from "../support/mail-sink.ts";
import type { MailSink } from "../support/mail-sink.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

describe("alerts, failures by cause and the overview", () => {
  let instance: Instance;
  let mail: MailSink;
  let target: Target;
  /** Set while the mail server accepts no message. */
  let held: PromiseWithResolvers<void> | undefined;
  let slackStatus = 200;
  beforeAll(async () => {
    mail = await startMailSink({ accept: async () => await held?.promise });
    instance = await startInstance({
      DURANIUM_MAX_TURN_FUEL: "1e15",
      DURANIUM_MAX_EXECUTION_FUEL: "1e15",
      DURANIUM_SMTP_URL: mail.url,
      DURANIUM_SMTP_FROM: "Duranium <alerts@example.com>",
    });
    target = await startTarget({
      "POST /hook": () => ({ ok: true }),
      "POST /slack/T0/B0/secret": (_request, response) => void response.writeHead(slackStatus).end(),
    });
    await deploy(instance, "on-call", onCallSource);
    await deploy(instance, "order", orderSource);
  });
  afterAll(async () => {
    held?.resolve();
    await instance[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await mail[Symbol.asyncDispose]();
  });

  const putRule = async (id: string, body: object): Promise<ApiAnswer> =>
    await instance.request("PUT", `/alerts/rules/${id}`, { body });
  const alertsOf = async (rule: string): Promise<ApiAnswer["body"]> =>
    (await instance.request("GET", `/alerts?rule=${rule}`)).body.items;
  const incidentOf = async (rule: string, workflow: string): Promise<ApiAnswer["body"]> => {
    const { body } = await instance.request("GET", `/alerts/incidents?workflow=${workflow}`);
    return body.items.find(({ ruleId }: { ruleId: string }) => ruleId === rule);
  };
  /** The number from which a rule counts missed runs, which the API does not show. */
  const countOfMissed = (rule: string): unknown => {
    const database = new Database(join(instance.dataDir, "duranium.sqlite"), { readonly: true });
    try {
      return database.prepare("SELECT count FROM alert_incidents WHERE rule_id = ?").get(rule);
    } finally {
      database.close();
    }
  };
  const delivered = async (rule: string, kind: string) =>
    await poll(async () => {
      const alert = (await alertsOf(rule)).find((each: { kind: string }) => each.kind === kind);
      return alert?.deliveries.every(({ state }: { state: string }) => state === "delivered")
        ? alert
        : undefined;
    });
  const runsOf = async (workflow: string): Promise<ApiAnswer["body"]> =>
    (await instance.request("GET", `/executions?workflow=${workflow}`)).body.items;

  test("a failing workflow makes one e-mail, one signed webhook, one message and one execution, and its recovery one more", async () => {
    const { status, body: rule } = await putRule("failures", {
      name: "Orders fail",
      workflow: "order",
      on: { kind: "failures-in-a-row", count: 3 },
      channels: [
        { kind: "webhook", url: `${target.url}/hook` },
        { kind: "email", to: ["ops@example.com", "dev@example.com"] },
        { kind: "slack", url: `${target.url}/slack/T0/B0/secret` },
        { kind: "workflow", workflow: "on-call", entryPoint: "alert" },
      ],
    });
    expect(status).toBe(201);
    const secret: string = rule.channels[0].secret;
    const failed = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => await startExecution(instance, "order", { fail: true, n })),
    );
    const opened = await delivered("failures", "opened");
    await Promise.all(failed.map(async (id) => await untilEnded(instance, id)));
    expect(opened.incidents).toMatchObject([
      {
        workflowId: "order",
        summary: expect.stringMatching(
          /^\d+ failures in a row: TypeError: no stock for \d+ \(workflow\.ts:2\)$/,
        ),
      },
    ]);
    await execute(instance, "order", { fail: false });
    await delivered("failures", "recovered");

    const hooks = target.seen.filter(({ path }) => path === "/hook");
    const payloads = hooks.map(({ body, headers }) =>
      new Webhook(secret).verify(body, headers as Record<string, string>),
    );
    expect(payloads).toMatchObject([{ type: "alert.opened" }, { type: "alert.recovered" }]);
    expect(hooks[0]?.headers["webhook-id"]).toBe(opened.alertId);
    expect(mail.mails.map(({ to }) => to)).toEqual(
      Array.from({ length: 2 }, () => ["ops@example.com", "dev@example.com"]),
    );
    expect(mail.mails[0]?.text).toMatch(/^Subject: order: \d+ failures in a row/m);
    expect(mail.mails[0]?.text).toContain(`${instance.url}/executions/inv_`);
    expect(mail.mails[1]?.text).toMatch(/^Subject: Recovered: order/m);
    expect(target.count("POST /slack/T0/B0/secret")).toBe(2);
    const [second, first] = await runsOf("on-call");
    expect(await untilEnded(instance, first.executionId)).toMatchObject({
      entryPoint: "alert",
      result: "alert.opened order",
    });
    expect(await untilEnded(instance, second.executionId)).toMatchObject({ result: "alert.recovered order" });
    expect(await runsOf("on-call")).toHaveLength(2);
  });

  test("failures are grouped by cause, and a group is retried at once", async () => {
    const [group, ...others] = await poll(async () => {
      const { body } = await instance.request("GET", "/failures?workflow=order");
      return body.items[0]?.count === 30 ? body.items : undefined;
    });
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      code: "workflow-failed",
      name: "TypeError",
      message: expect.stringMatching(/^no stock for \d+$/),
      at: { file: "workflow.ts", line: 2 },
      versions: [1],
    });
    expect(group.lastExecutions).toHaveLength(5);
    await deploy(instance, "order", orderSource.replace("if (fail)", "if (fail === null)"));
    const dry = await instance.request("POST", `/failures/${group.failureId}/fork`, {
      body: { dryRun: true },
    });
    expect([dry.status, dry.body.items.length]).toEqual([202, 30]);
    const forked = await instance.request("POST", `/failures/${group.failureId}/fork`, {
      body: { limit: 2 },
    });
    for (const { forkExecutionId } of forked.body.items)
      expect(await untilEnded(instance, forkExecutionId)).toMatchObject({ status: "completed", version: 2 });
    const { status, body } = await instance.request("POST", `/failures/${group.failureId}/retry`, {
      body: { version: "current", limit: 20 },
    });
    expect([status, body.items.length]).toEqual([202, 20]);
    const rest = await instance.request("POST", `/failures/${group.failureId}/retry`, {
      body: { version: "current" },
    });
    expect(rest.body.items).toHaveLength(8);
    const { retryExecutionId } = rest.body.items[0];
    expect(await untilEnded(instance, retryExecutionId)).toMatchObject({ status: "completed", version: 2 });
    const unknown = await instance.request("POST", "/failures/0000000000000000/retry", {});
    expect(unknown.body).toMatchObject({ status: 404, code: "failure-not-found" });
  });

  test("the overview has the figures of what ended and of what is under way", async () => {
    await deploy(instance, "waiter", waiterSource);
    const id = await startExecution(instance, "waiter");
    await until(instance, id, ({ status }) => status === "suspended");
    const figures = await poll(async () => {
      const { body } = await instance.request("GET", "/overview?window=PT1H");
      return body.waiting.events === 1 && body.runs.completed > 30 ? body : undefined;
    });
    expect(figures).toMatchObject({
      health: { status: "ok", problems: [] },
      runs: { failed: 30, p95Ms: expect.any(Number) },
      current: { suspended: 1, paused: 0 },
      failing: [{ workflowId: "order", failed: 30, lastFailure: { name: "TypeError" } }],
      incidents: [],
    });
    expect(figures.slots).toHaveLength(60);
    expect(figures.deploys[0]).toMatchObject({ workflowId: "waiter", version: 1 });
    await instance.request("POST", `/executions/${id}/cancel`);
    await untilEnded(instance, id);
  });

  test("executions that run, wait or are paused for too long are found", async () => {
    const channels = [{ kind: "webhook", url: `${target.url}/hook` }];
    await putRule("slow", { on: { kind: "running-longer", than: "PT1S" }, channels });
    await putRule("waiting", { on: { kind: "waiting-longer", than: "PT1S" }, channels });
    const id = await startExecution(instance, "waiter");
    for (const rule of ["slow", "waiting"]) {
      const { incidents } = await delivered(rule, "opened");
      expect(incidents).toMatchObject([{ workflowId: "waiter", count: 1, executionId: id }]);
    }
    await instance.request("POST", `/executions/${id}/events/go`, { body: null });
    await untilEnded(instance, id);
    for (const rule of ["slow", "waiting"]) await delivered(rule, "recovered");
  });

  test("an execution that is queued for too long waits, and does not run", async () => {
    await deploy(
      instance,
      "single",
      `export const flow = { concurrency: { total: 1 } };
       export async function run(ctx) { await ctx.sleep(600_000); }`,
    );
    const holder = await startExecution(instance, "single");
    await until(instance, holder, ({ status }) => status === "suspended");
    const queued = await startExecution(instance, "single");
    for (const [rule, executionId] of [
      ["waiting", queued],
      ["slow", holder],
    ] as const) {
      const incident = await poll(async () => await incidentOf(rule, "single"));
      expect(incident).toMatchObject({ workflowId: "single", count: 1, executionId });
    }
    const { body } = await instance.request("GET", "/overview");
    expect(body).toMatchObject({
      current: { queued: 1, suspended: 1 },
      queues: { running: 1, queued: 1, items: [{ id: "workflow:single", running: 1, queued: 1 }] },
    });
    await instance.request("POST", "/queues/workflow:single/purge", { body: {} });
    await instance.request("POST", `/executions/${holder}/cancel`);
    for (const id of [queued, holder]) await untilEnded(instance, id);
    await poll(async () => {
      const { runs, current } = (await instance.request("GET", "/overview")).body;
      return runs.skipped === 1 && current.queued === 0 ? runs : undefined;
    });
  });

  test("a delivery that fails is attempted again, and is visible meanwhile", async () => {
    slackStatus = 500;
    await putRule("broken", {
      workflow: "order",
      on: { kind: "first-failure" },
      channels: [{ kind: "slack", url: `${target.url}/slack/T0/B0/secret` }],
    });
    await instance.request("POST", "/alerts/rules/broken/test");
    const [alert] = await poll(async () => {
      const found = await alertsOf("broken");
      return found[0]?.deliveries[0].error === undefined ? undefined : found;
    });
    expect(alert.deliveries).toMatchObject([
      {
        state: "pending",
        attempts: 1,
        target: `${target.url}/slack/T0/B0/••••`,
        error: "the receiver responded with status 500",
        nextAttemptAt: expect.any(String),
      },
    ]);
    slackStatus = 200;
    expect((await delivered("broken", "test")).deliveries).toMatchObject([{ attempts: 2 }]);
  });

  test("kill -9 while an alert is being delivered neither loses it nor starts a second execution", async () => {
    await putRule("killed", {
      workflow: "fragile",
      on: { kind: "first-failure" },
      channels: [
        { kind: "email", to: ["killed@example.com"] },
        { kind: "workflow", workflow: "on-call" },
      ],
    });
    await deploy(instance, "fragile", "export function run() { throw new Error('broken'); }");
    const before = (await runsOf("on-call")).length;
    held = Promise.withResolvers();
    await execute(instance, "fragile");
    await poll(async () => ((await runsOf("on-call")).length > before ? true : undefined));
    await instance.kill();
    held.resolve();
    held = undefined;
    await instance.start();
    await delivered("killed", "opened");
    expect(mail.mails.filter(({ to }) => to[0] === "killed@example.com").length).toBeLessThanOrEqual(2);
    const ids = mail.mails.flatMap(({ to, text }) =>
      to[0] === "killed@example.com" ? (/^Message-ID: (.*)$/im.exec(text)?.[1] ?? []) : [],
    );
    expect(new Set(ids).size).toBe(1);
    expect((await runsOf("on-call")).length).toBe(before + 1);
    expect(await alertsOf("killed")).toHaveLength(1);
  });

  test("a failure whose process was killed before it stored the end is alerted to after the start", async () => {
    await deploy(
      instance,
      "late",
      "export async function run(ctx) { await ctx.sleep(300); throw new Error('late'); }",
    );
    await putRule("late", {
      workflow: "late",
      on: { kind: "first-failure" },
      channels: [{ kind: "webhook", url: `${target.url}/hook` }],
    });
    const id = await startExecution(instance, "late");
    await instance.kill();
    await instance.start();
    await untilEnded(instance, id);
    expect((await delivered("late", "opened")).incidents).toMatchObject([{ executionId: id, count: 1 }]);
    expect(await alertsOf("late")).toHaveLength(1);
  });

  test("missed runs of a schedule and executions that Duranium paused are alerted to", async () => {
    await deploy(instance, "tick", "export function run() {}");
    const spec = { every: "PT1S" };
    await instance.request("PUT", "/schedules/tick", { body: { workflowId: "tick", spec, catchUp: "PT1S" } });
    const next = (await instance.request("GET", "/overview")).body.schedules;
    expect(next).toMatchObject([{ id: "tick", workflowId: "tick", at: expect.any(String) }]);
    const channels = [{ kind: "webhook", url: `${target.url}/hook` }];
    await putRule("missed", { on: { kind: "schedule-missed" }, channels });
    await putRule("paused", { on: { kind: "paused" }, channels });
    // The runs that were missed before do not count.
    await poll(async () => countOfMissed("missed"));
    await deploy(instance, "endless", "export async function run(ctx) { await ctx.sleep(1); for (;;); }");
    await setLimits(instance, "endless", { turnFuel: 1e15, executionFuel: 1e15 });
    await instance.kill();
    await delay(3_000);
    // Its threads are ended until the execution is paused, as after crashes.
    await instance.start({ environment: { DURANIUM_TURN_TIMEOUT_MS: "1000" } });
    const missed = await delivered("missed", "opened");
    expect(missed.incidents).toMatchObject([
      { workflowId: "tick", summary: expect.stringMatching(/^its schedules missed \d+ runs, \d+ in all$/) },
    ]);
    await instance.request("DELETE", "/schedules/tick");
    const id = await startExecution(instance, "endless");
    const paused = await delivered("paused", "opened");
    expect(paused.incidents).toMatchObject([
      { workflowId: "endless", executionId: id, summary: "1 execution paused because of a failure" },
    ]);
    await fetch(`${instance.restateAdminUrl}/invocations/${id}/kill`, { method: "PATCH" });
    await delivered("paused", "recovered");
  });

  test("a rule round-trips without its secrets, and a key that is bound to workflows sees only theirs", async () => {
    const { body: rule } = await instance.request("GET", "/alerts/rules/failures");
    expect(rule).toMatchObject({ quiet: "PT10M", recovery: true, enabled: true });
    expect(JSON.stringify(rule)).not.toContain("whsec_");
    expect(JSON.stringify(rule)).not.toContain('secret"');
    const { ruleId: _ruleId, createdAt: _createdAt, updatedAt: _updatedAt, ...given } = rule;
    const { updatedBy: _updatedBy, openIncidents: _openIncidents, channels, ...rest } = given;
    const again = await putRule("failures", {
      ...rest,
      channels: channels.map(({ hasSecret: _hasSecret, ...channel }: { hasSecret?: true }) => channel),
    });
    expect(again.status).toBe(200);
    expect(again.body.channels).toEqual(channels);
    const key = await instance.request("POST", "/api-keys", {
      body: { name: "bound", scopes: ["executions:read", "alerts:manage"], workflows: ["waiter"] },
    });
    const headers = { authorization: `Bearer ${key.body.key}` };
    const seen = await instance.request("GET", "/alerts/rules", { headers });
    expect(seen.body.items).toEqual([]);
    const refused = await instance.request("PUT", "/alerts/rules/failures", {
      headers,
      body: { on: { kind: "first-failure" }, workflow: "waiter", channels },
    });
    expect([403, 404, 400]).toContain(refused.status);
    const everywhere = await instance.request("PUT", "/alerts/rules/mine", {
      headers,
      body: { on: { kind: "first-failure" }, channels: [{ kind: "email", to: ["a@example.com"] }] },
    });
    expect(everywhere.body).toMatchObject({ status: 403, code: "forbidden" });
  });
});

/** Polls until `look` returns a value. */
async function poll<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(50);
  }
}

const onCallSource = `export function run(ctx, alert) {
  return alert.type + " " + alert.data.incidents.map(({ workflowId }) => workflowId).join();
}`;

const orderSource = `function reserve(n, fail) {
  if (fail) throw new TypeError("no stock for " + n);
}
export function run(ctx, { fail, n }) {
  reserve(n, fail);
}`;

const waiterSource = `export async function run(ctx) { await ctx.waitForEvent("go"); }`;
