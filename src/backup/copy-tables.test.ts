import { expect, test } from "vitest";
import type { Digest } from "../base/digest.ts";
import type { AddedEngine } from "../domain/engines/engine.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { createEngineRecordStore } from "../stores/artifact-records/engines.ts";
import { createDraftStore } from "../stores/drafts.ts";
import type { Database } from "../stores/sql/database.ts";
import { eq } from "../stores/sql/drizzle.ts";
import { openSqlite } from "../stores/sql/sqlite.ts";
import { describeOnEachDatabase } from "../stores/testing/databases.ts";
import { deployOf, orders } from "../stores/testing/deploys.ts";
import { createVersionStore } from "../stores/versions.ts";
import { createWorkflowSettingsStore } from "../stores/workflow-settings.ts";
import { copyTables } from "./copy-tables.ts";
import type { CopyOptions } from "./copy-tables.ts";

describeOnEachDatabase("a copy of a database", (open) => {
  test("has all rows, and a further copy writes what has changed since, and nothing else", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await fill(from, 600);
    const first = await copy({ from, to });
    expect(first).toMatchObject({ workflows: 2, versions: 601, logs: 1_001, audit_log: 2 });
    await createWorkflowSettingsStore(from).set(orders, { retentionHours: 2 }, 2_000);
    await createVersionStore(from).record(deployOf("inv_late"));
    await addLines(from, "inv_later", 3);
    const written = { workflows: 1, versions: 1, workflow_settings: 1, logs: 3 };
    expect(await copy({ from, to })).toEqual(written);
    expect(await createWorkflowSettingsStore(to).get(orders)).toEqual({ retentionHours: 2 });
    expect((await createVersionStore(to).latest(orders))?.version).toBe(601);
    expect((await createDraftStore(to).get(orders)).source.entry).toBe("main.ts");
    const recorded = await createVersionStore(to).record(deployOf("inv_next"));
    expect(recorded.version.version).toBe(602);
    const [entry] = await to.queries.insert(to.tables.auditLog).values(auditEntry).returning();
    expect(entry?.id).toBe(3);
  });

  test("has console lines of executions that have more than before, if lines are counted", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await fill(from);
    await copy({ from, to });
    await addLines(from, "inv_0", 2, 1_001);
    await addLines(from, "inv_later", 40);
    expect(await copy({ from, to, countsLines: true })).toEqual({ logs: 42 });
    expect(await copy({ from, to })).toEqual({});
  });

  test.each([true, false])("removes what was deleted after it if that is allowed", async (countsLines) => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await fill(from);
    await addLines(from, "inv_1", 2);
    await copy({ from, to });
    await from.queries.delete(from.tables.logs).where(eq(from.tables.logs.executionId, executionId("inv_0")));
    await from.queries.delete(from.tables.versions).where(eq(from.tables.versions.workflowId, orders));
    await from.queries.delete(from.tables.drafts);
    await expect(copy({ from, to })).rejects.toThrow("repeat with --delete");
    await copy({ from, to, countsLines, mayRemove: true });
    expect(await copy({ from, to })).toEqual({});
    expect(await to.queries.select().from(to.tables.versions)).toHaveLength(1);
    expect(await to.queries.select().from(to.tables.logs)).toHaveLength(2);
  });

  test("makes an engine current whose predecessor was copied before", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    const engines = createEngineRecordStore(from);
    await engines.record(engine("1"));
    await copy({ from, to });
    await engines.record(engine("0"));
    await copy({ from, to });
    expect(await createEngineRecordStore(to).currentOf("python")).toBe(engine("0").digest);
  });

  test("is refused if the destination has rows of its own", async () => {
    await using from = openSqlite(":memory:");
    await using to = await open();
    await createVersionStore(to).record(deployOf("inv_1"));
    await expect(copy({ from, to })).rejects.toThrow("versions has rows that are not in the database");
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

/** The rows that were written, of tables with such rows. */
async function copy(
  options: Pick<CopyOptions, "from" | "to"> & Partial<CopyOptions>,
): Promise<Readonly<Record<string, number>>> {
  const written: Record<string, number> = {};
  const onCopied: CopyOptions["onCopied"] = (table, copied) => {
    if (copied.written > 0) written[table] = copied.written;
  };
  await copyTables({ mayRemove: false, countsLines: false, onCopied, ...options });
  return written;
}

async function addLines({ queries, tables }: Database, id: string, count: number, first = 0): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  const line = { executionId: executionId(id), level: "info", at: 1, line: '["hello"]' } as const;
  await queries.insert(tables.logs).values(numbers.map((number) => ({ ...line, number })));
}

function engine(digit: string): AddedEngine {
  const digest = digit.repeat(64) as Digest;
  const described = {
    digest,
    language: "python",
    languageVersion: "3.13.5",
    protocolVersion: 1,
    bytes: 1,
  } as const;
  return { ...described, artifactDigest: digest, fileBytes: 1, addedAt: 1, addedBy: "ci", isCurrent: true };
}

function executionId(id: string): ExecutionId {
  return id as ExecutionId;
}

async function fill(database: Database, count = 3): Promise<void> {
  const versions = createVersionStore(database);
  for (let n = 0; n < count; n++) await versions.record(deployOf(`inv_${n}`, { text: String(n % 50) }));
  await versions.record(deployOf("inv_other", { workflowId: parseWorkflowId("other"), note: "é \u0000" }));
  await createWorkflowSettingsStore(database).set(orders, { retentionHours: 1 }, 1_000);
  const { source } = deployOf("inv_0");
  const draft = { workflowId: orders, source, updatedAt: 1, updatedBy: "ada" };
  await createDraftStore(database).save(draft, "none");
  const { queries, tables } = database;
  await queries.insert(tables.auditLog).values([auditEntry, auditEntry]);
  await addLines(database, "inv_0", 1_001);
}
