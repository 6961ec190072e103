import { expect, test } from "vitest";
import type { AlertActor, AskedChannel, AskedRule } from "../../api/contract/alert.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { scopes } from "../../domain/permissions.ts";
import { createAlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import { createAlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import { createAlertRuleStore } from "../../stores/alerts/alert-rules.ts";
import { createKeyRing, generateKey, parseKeys } from "../../stores/data-directory/key-ring.ts";
import { openSqlite } from "../../stores/sql/sqlite.ts";
import { createWorkflowStore } from "../../stores/workflows.ts";
import { createAlertService } from "./alert-service.ts";

const admin: AlertActor = { name: "root", scopes };
const bound: AlertActor = { name: "bound", scopes, workflows: ["orders" as WorkflowId] };
const slack: AskedChannel = { kind: "slack", url: "https://hooks.slack.example/services/T0/B0/s3cret" };

function asked(channels: readonly AskedChannel[], changes: Partial<AskedRule> = {}): AskedRule {
  return {
    id: "rule",
    isEnabled: true,
    condition: { kind: "first-failure" },
    channels,
    sendsRecovery: true,
    ...changes,
  };
}

function openService(canSendMail = true) {
  const database = openSqlite(":memory:");
  const keys = parseKeys(generateKey());
  const rules = createAlertRuleStore(database, createKeyRing(keys));
  const service = createAlertService({
    rules,
    incidents: createAlertIncidentStore(database),
    outbox: createAlertOutbox(database),
    workflows: createWorkflowStore(database),
    canSendMail,
    onChanged: () => {},
  });
  return { service, rules, database, keys, [Symbol.dispose]: () => database[Symbol.dispose]() };
}

test("a webhook gets a secret that is shown once, and keeps it until its URL changes", async () => {
  using opened = openService();
  const hook: AskedChannel = { kind: "webhook", url: "https://a.example/hook" };
  const first = await opened.service.putRule(asked([hook]), admin);
  const [secret] = [...first.secrets.values()];
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const second = await opened.service.putRule(asked([slack, hook]), admin);
  expect([second.isNew, second.secrets.size]).toEqual([false, 0]);
  expect(second.rule.channels[1]).toEqual(first.rule.channels[0]);
  const third = await opened.service.putRule(asked([{ ...hook, url: "https://b.example" }]), admin);
  expect([...third.secrets.values()]).not.toEqual([secret]);
  const given = { ...hook, secret: `whsec_${"A".repeat(32)}` };
  const fourth = await opened.service.putRule(asked([given]), admin);
  expect(fourth.rule.channels).toMatchObject([{ secret: given.secret }]);
});

test("the rules about one workflow leave room for others, and are tested a limited number of times", async () => {
  using opened = openService();
  const workflowId = "orders" as WorkflowId;
  for (let number = 1; number <= 20; number += 1)
    await opened.service.putRule(asked([slack], { id: `rule-${number}`, workflowId }), bound);
  const another = asked([slack], { id: "another", workflowId });
  await expect(opened.service.putRule(another, bound)).rejects.toThrow("maxAlertRulesPerWorkflow");
  await opened.service.putRule(asked([slack], { id: "rule-1", workflowId }), bound);
  for (let number = 0; number < 30; number += 1)
    await opened.service.test(`rule-${1 + (number % 20)}`, bound);
  await expect(opened.service.test("rule-2", bound)).rejects.toMatchObject({ code: "rate-limited" });
  await opened.service.putRule(asked([slack], { id: "all" }), admin);
  await opened.service.test("all", admin);
});

test("a masked URL keeps what is stored, and is refused where nothing is", async () => {
  using opened = openService();
  const masked: AskedChannel = {
    kind: "slack",
    url: encodeURI("https://hooks.slack.example/services/T0/B0/••••"),
  };
  await expect(opened.service.putRule(asked([masked]), admin)).rejects.toMatchObject({
    code: "invalid-request",
    fields: [{ pointer: "#/channels/0/url" }],
  });
  await opened.service.putRule(asked([slack]), admin);
  const { rule } = await opened.service.putRule(asked([masked]), admin);
  expect(rule.channels).toMatchObject([slack]);
});

test("channels are stored encrypted, and follow a rotation of the master key", async () => {
  using opened = openService();
  await opened.service.putRule(asked([slack]), admin);
  const [row] = await opened.database.queries.select().from(opened.database.tables.alertRules);
  expect(row?.encrypted.includes("s3cret")).toBe(false);
  const rotated = createAlertRuleStore(
    opened.database,
    createKeyRing([...parseKeys(generateKey()), ...opened.keys]),
  );
  expect([await rotated.reencrypt(), await rotated.reencrypt()]).toEqual([1, 0]);
  expect((await rotated.get("rule"))?.channels).toMatchObject([slack]);
});

test("a key that is bound to workflows sees and changes only rules about these", async () => {
  using opened = openService();
  await opened.service.putRule(asked([slack]), admin);
  const own = asked([slack], { id: "own", workflowId: "orders" as WorkflowId });
  await opened.service.putRule(own, bound);
  expect((await opened.service.rules(bound.workflows)).map(({ id }) => id)).toEqual(["own"]);
  await expect(opened.service.rule("rule", bound)).rejects.toMatchObject({ code: "alert-rule-not-found" });
  await expect(opened.service.putRule(asked([slack]), bound)).rejects.toMatchObject({
    code: "alert-rule-not-found",
  });
  const all = asked([slack], { id: "new" });
  await expect(opened.service.putRule(all, bound)).rejects.toMatchObject({ code: "forbidden" });
  const other = asked([slack], { id: "new", workflowId: "refunds" as WorkflowId });
  await expect(opened.service.putRule(other, bound)).rejects.toMatchObject({ code: "forbidden" });
});

test("a rule cannot execute what its author may not execute, nor send e-mails without a mail server", async () => {
  using opened = openService(false);
  const workflow: AskedChannel = { kind: "workflow", workflowId: "refunds" as WorkflowId };
  const rule = asked([workflow], { workflowId: "orders" as WorkflowId });
  await expect(opened.service.putRule(rule, bound)).rejects.toMatchObject({ code: "forbidden" });
  const weak = { ...admin, scopes: ["alerts:manage" as const] };
  await expect(opened.service.putRule(rule, weak)).rejects.toMatchObject({ code: "forbidden" });
  await expect(opened.service.putRule(rule, admin)).rejects.toMatchObject({ code: "workflow-not-found" });
  const mail = asked([{ kind: "email", to: ["ops@example.com"] }]);
  await expect(opened.service.putRule(mail, admin)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("DURANIUM_SMTP_URL"),
  });
});

test("the rules of a removed workflow are removed with it", async () => {
  using opened = openService();
  await opened.service.putRule(asked([slack], { workflowId: "orders" as WorkflowId }), admin);
  await opened.rules.removeAll("orders" as WorkflowId);
  expect(await opened.service.rules(undefined)).toEqual([]);
});
