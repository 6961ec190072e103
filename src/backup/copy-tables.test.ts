import { expect, test } from "vitest";
import { parseWorkflowId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { createDraftStore } from "../stores/drafts.ts";
import type { Database } from "../stores/sql/database.ts";
import { openSqlite } from "../stores/sql/sqlite.ts";
import { describeOnEachDatabase } from "../stores/testing/databases.ts";
import { deployOf, orders } from "../stores/testing/deploys.ts";
import { createVersionStore } from "../stores/versions.ts";
import { createWorkflowSettingsStore } from "../stores/workflow-settings.ts";
import { copyTables } from "./copy-tables.ts";

describeOnEachDatabase("a copy of a database", (open) => {
  test("has all rows, and a further copy has what has changed since", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await fill(from);
    expect(await copy(from, to)).toMatchObject({ workflows: 2, versions: 1_201, logs: 1_001, audit_log: 2 });
    await createWorkflowSettingsStore(from).set(orders, { retentionHours: 2 }, 2_000);
    await createVersionStore(from).record(deployOf("inv_late"));
    await copy(from, to);
    expect(await createWorkflowSettingsStore(to).get(orders)).toEqual({ retentionHours: 2 });
    expect((await createVersionStore(to).latest(orders))?.version).toBe(1_201);
    expect((await createDraftStore(to).get(orders)).source.entry).toBe("main.ts");
    const recorded = await createVersionStore(to).record(deployOf("inv_next"));
    expect(recorded.version.version).toBe(1_202);
    const [entry] = await to.queries.insert(to.tables.auditLog).values(auditEntry).returning();
    expect(entry?.id).toBe(3);
  });

  test("is refused as equal if the destination has rows of its own", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await createVersionStore(to).record(deployOf("inv_1"));
    await expect(copy(from, to)).rejects.toThrow("workflows has rows that are not in the database");
  });
});

const auditEntry = {
  at: 1,
  actorId: "k",
  actor: "ci",
  action: "x",
  subject: "y",
  address: "::1",
  status: 200,
};

async function copy(from: Database, to: Database): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  await copyTables({ from, to, onCopied: (table, rows) => (counts[table] = rows) });
  return counts;
}

async function fill(database: Database): Promise<void> {
  const versions = createVersionStore(database);
  for (let n = 0; n < 1_200; n++) await versions.record(deployOf(`inv_${n}`, { text: String(n % 50) }));
  await versions.record(deployOf("inv_other", { workflowId: parseWorkflowId("other"), note: "é \u0000" }));
  await createWorkflowSettingsStore(database).set(orders, { retentionHours: 1 }, 1_000);
  const { source } = deployOf("inv_0");
  const draft = { workflowId: orders, source, updatedAt: 1, updatedBy: "ada" };
  await createDraftStore(database).save(draft, "none");
  const { queries, tables } = database;
  await queries.insert(tables.auditLog).values([auditEntry, auditEntry]);
  for (let number = 0; number <= 1_000; number++)
    await queries
      .insert(tables.logs)
      .values({ executionId: "inv_0" as ExecutionId, number, level: "info", at: 1, line: '["hello"]' });
}
