import { expect, test } from "vitest";
import type { WorkflowId } from "../../domain/ids.ts";
import type { AlertRule } from "../../domain/monitoring/alerts.ts";
import { createKeyRing, generateKey, parseKeys } from "../data-directory/key-ring.ts";
import type { Database, Steps } from "../sql/database.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";
import { createAlertEvaluation } from "./alert-evaluation.ts";
import { createAlertIncidentStore } from "./alert-incidents.ts";
import { createAlertOutbox } from "./alert-outbox.ts";
import { createAlertRuleStore } from "./alert-rules.ts";

const orders = "orders" as WorkflowId;
const rule: AlertRule = {
  id: "rule",
  isEnabled: true,
  condition: { kind: "first-failure" },
  channels: [
    { id: "mail", kind: "email", to: ["ops@example.com"] },
    { id: "hook", kind: "webhook", url: "https://a.example", secret: "whsec_of_hook" },
  ],
  sendsRecovery: true,
  quietMs: 0,
  createdAt: 1,
  updatedAt: 1,
  updatedBy: "test",
};
const facts = { count: 1, lastAt: 5, summary: "TypeError" };

/** The stores of one process. */
function storesOn(database: Database, keyText = generateKey()) {
  const keys = createKeyRing(parseKeys(keyText));
  return {
    rules: createAlertRuleStore(database, keys),
    incidents: createAlertIncidentStore(database),
    outbox: createAlertOutbox(database),
    evaluate: createAlertEvaluation(database, keys),
  };
}

type Stores = ReturnType<typeof storesOn>;

/** Opens an incident unless one is open, as the evaluation does. */
async function openIncident({ evaluate }: Stores, workflowId = orders): Promise<void> {
  await evaluate(function* ({ incidents }): Steps<void> {
    const open = yield* incidents.open();
    if (open.some((incident) => incident.workflowId === workflowId)) return;
    yield* incidents.add({ ruleId: rule.id, workflowId, openedAt: 5, ...facts });
  });
}

describeOnEachDatabase("the stores of alerts", (open) => {
  test("a rule is stored with its channels encrypted, and follows a rotation of the master key", async () => {
    await using database = await open();
    const [old, next] = [generateKey(), generateKey()];
    await storesOn(database, old).rules.put(rule);
    const [row] = await database.queries.select().from(database.tables.alertRules);
    expect(row?.encrypted.includes("whsec_of_hook")).toBe(false);
    const both = storesOn(database, `${next} ${old}`).rules;
    expect([await both.reencrypt(), await both.reencrypt()]).toEqual([1, 0]);
    const { rules } = storesOn(database, next);
    expect(await rules.get("rule")).toEqual({ ...rule, sinceSequence: 0 });
    expect([(await rules.list()).length, await rules.count()]).toEqual([1, 1]);
    expect([await rules.remove("rule"), await rules.remove("rule")]).toEqual([true, false]);
  });

  test("a new condition removes the incidents of a rule, and a new name does not", async () => {
    await using database = await open();
    const stores = storesOn(database);
    await stores.rules.put(rule);
    await openIncident(stores);
    await stores.rules.put({ ...rule, name: "Failures" });
    expect(await stores.incidents.open()).toMatchObject([{ workflowId: orders, ...facts }]);
    await stores.rules.put({ ...rule, condition: { kind: "recovered" } });
    expect(await stores.incidents.open()).toEqual([]);
  });

  test("evaluations at the same time open one incident of a workflow", async () => {
    await using database = await open();
    const processes = [storesOn(database), storesOn(database), storesOn(database)];
    await Promise.all(processes.map(async (stores) => await openIncident(stores)));
    expect(await processes[0]?.incidents.list({ limit: 10 })).toHaveLength(1);
  });

  test("an evaluation that fails leaves nothing behind", async () => {
    await using database = await open();
    const { evaluate, incidents, outbox } = storesOn(database);
    const failing = evaluate(function* (steps): Steps<void> {
      yield* steps.incidents.setProgress(9);
      yield* steps.incidents.add({ ruleId: rule.id, workflowId: orders, openedAt: 5, ...facts });
      yield* steps.outbox.add(rule, { kind: "opened", createdAt: 5, dueAt: 5, content: contentOf() });
      throw new Error("the process is out of memory");
    });
    await expect(failing).rejects.toThrow("out of memory");
    expect(await incidents.open()).toEqual([]);
    expect((await outbox.list({}, { limit: 10 })).items).toEqual([]);
    expect(await evaluate((steps) => steps.incidents.progress())).toBe(0);
  });

  test("incidents are filtered by state and workflow, and closed ones are removed when they are old", async () => {
    await using database = await open();
    const stores = storesOn(database);
    const { evaluate, incidents } = stores;
    await openIncident(stores);
    await openIncident(stores, "refunds" as WorkflowId);
    const [first] = await incidents.open();
    await evaluate((steps) => steps.incidents.close(first?.id ?? 0, 100));
    const namesOf = async (isOpen: boolean | undefined) =>
      (await incidents.list({ isOpen, limit: 10 })).map(({ workflowId }) => workflowId);
    expect(await namesOf(undefined)).toEqual(["refunds", "orders"]);
    expect([await namesOf(true), await namesOf(false)]).toEqual([["refunds"], ["orders"]]);
    expect(await incidents.list({ workflowIds: [orders], limit: 10 })).toMatchObject([{ closedAt: 100 }]);
    await incidents.removeBefore(100);
    expect(await namesOf(false)).toEqual(["orders"]);
    await incidents.removeBefore(101);
    expect(await namesOf(undefined)).toEqual(["refunds"]);
  });

  test("each due delivery is claimed by one of several processes, with the incidents as they are then", async () => {
    await using database = await open();
    const stores = storesOn(database);
    await openIncident(stores);
    const [incident] = await stores.incidents.open();
    await stores.outbox.add(rule, {
      kind: "opened",
      createdAt: 5,
      dueAt: 10,
      content: contentOf({
        id: incident?.id ?? 0,
        ruleId: rule.id,
        workflowId: orders,
        openedAt: 5,
        ...facts,
      }),
    });
    await stores.evaluate((steps) => steps.incidents.update(incident?.id ?? 0, { ...facts, count: 3 }));
    expect([await stores.outbox.nextDueAt(), await claimAt(stores, 9)]).toEqual([10, []]);
    const claims = await Promise.all([claimAt(stores, 10), claimAt(stores, 10), claimAt(stores, 10)]);
    const claimed = claims.flat();
    expect(claimed.map(({ channelId }) => channelId).toSorted()).toEqual(["hook", "mail"]);
    expect(claimed[0]?.content.incidents).toMatchObject([{ count: 3 }]);
    // The claim of a process that died ends.
    expect(await claimAt(stores, 10 + leaseMs)).toMatchObject([{ attempts: 2 }, { attempts: 2 }]);
  });

  test("a delivery is retried until it is settled, and a failed one on request", async () => {
    await using database = await open();
    const { outbox, ...stores } = storesOn(database);
    const alertId = await outbox.add(rule, { kind: "test", createdAt: 5, dueAt: 10, content: contentOf() });
    const [one, other] = await claimAt({ ...stores, outbox }, 10);
    await outbox.settle(one?.id ?? 0, { deliveredAt: 11 });
    await outbox.settle(other?.id ?? 0, { error: "refused", nextAttemptAt: 50 });
    expect(await outbox.nextDueAt()).toBe(50);
    await claimAt({ ...stores, outbox }, 50);
    await outbox.settle(other?.id ?? 0, { error: "refused" });
    expect(await outbox.nextDueAt()).toBeUndefined();
    const states = (await outbox.get(alertId))?.deliveries.map(({ state }) => state);
    expect(states).toEqual(["delivered", "failed"]);
    expect([await outbox.retryFailed(alertId, 60), await outbox.nextDueAt()]).toEqual([1, 60]);
  });

  test("alerts are listed newest first, page by page, while others are added, and removed with their deliveries", async () => {
    await using database = await open();
    const { outbox } = storesOn(database);
    const add = async (createdAt: number) =>
      await outbox.add(rule, { kind: "test", createdAt, dueAt: createdAt, content: contentOf() });
    for (const at of [1, 2, 3]) await add(at);
    const first = await outbox.list({}, { limit: 2 });
    await add(4);
    const second = await outbox.list({}, { limit: 2, after: first.next });
    expect([...first.items, ...second.items].map(({ createdAt }) => createdAt)).toEqual([3, 2, 1]);
    expect(await outbox.countTestsSince(undefined, 2)).toBe(3);
    expect((await outbox.list({ workflowIds: [orders] }, { limit: 2 })).items).toEqual([]);
    await outbox.removeBefore(4);
    const { queries, tables } = database;
    expect(await queries.select().from(tables.alertDeliveries)).toHaveLength(2);
  });
});

const leaseMs = 1_000;

async function claimAt({ outbox }: Pick<Stores, "outbox">, now: number) {
  return await outbox.claim({ process: "test", now, leaseMs, limit: 100 });
}

function contentOf(...incidents: Parameters<Stores["outbox"]["add"]>[1]["content"]["incidents"]) {
  return { ruleName: "rule", incidents };
}
