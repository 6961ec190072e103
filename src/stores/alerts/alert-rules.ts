import type { AlertChannel, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { KeyRing } from "../data-directory/key-ring.ts";
import type { SqliteDatabase, SyncQueries } from "../sql/sqlite.ts";
import { asc, eq, max } from "../sql/drizzle.ts";
import { alertIncidents, alertRules, executionEnds } from "../sql/schema.ts";

/** A rule, and the end after which executions are evaluated by it. */
export interface StoredRule extends AlertRule {
  readonly sinceSequence: number;
}

/** The rules of alerts. Channels are encrypted, because their URLs and secrets are credentials. */
export interface AlertRuleStore {
  get(id: string): StoredRule | undefined;
  /** Lists rules by ID. */
  list(): readonly StoredRule[];
  count(): number;
  /** Adds or replaces a rule. A new condition, or another workflow, closes its open incidents without an alert. */
  put(rule: AlertRule): void;
  /** @returns true if the rule existed */
  remove(id: string): boolean;
  /** Removes the rules of a workflow. */
  removeAll(workflowId: WorkflowId): void;
  /**
   * Encrypts all channels with the current master key.
   * @returns the number of rules that used another key
   */
  reencrypt(): number;
}

export function createAlertRuleStore({ sync: queries }: SqliteDatabase, keys: KeyRing): AlertRuleStore {
  const atomically = <T>(work: (tx: SyncQueries) => T): T =>
    queries.transaction(work, { behavior: "immediate" });
  return {
    get: (id) => {
      const row = find(queries, id);
      return row === undefined ? undefined : toRule(row, keys);
    },
    list: () =>
      queries
        .select()
        .from(alertRules)
        .orderBy(asc(alertRules.id))
        .all()
        .map((row) => toRule(row, keys)),
    count: () => queries.select({ id: alertRules.id }).from(alertRules).all().length,
    put: (rule) => atomically((tx) => put(tx, rule, keys)),
    remove: (id) => atomically((tx) => removeRule(tx, id)),
    removeAll: (workflowId) =>
      atomically((tx) => {
        const rows = tx
          .select({ id: alertRules.id })
          .from(alertRules)
          .where(eq(alertRules.workflowId, workflowId))
          .all();
        for (const { id } of rows) removeRule(tx, id);
        tx.delete(alertIncidents).where(eq(alertIncidents.workflowId, workflowId)).run();
      }),
    reencrypt: () =>
      atomically((tx) => {
        const stale = tx
          .select()
          .from(alertRules)
          .all()
          .filter((row) => keys.isStale(boxOf(row)));
        for (const row of stale) {
          const box = sealed(toRule(row, keys), keys);
          tx.update(alertRules).set(box).where(eq(alertRules.id, row.id)).run();
        }
        return stale.length;
      }),
  };
}

function find(tx: SyncQueries, id: string): RuleRow | undefined {
  return tx.select().from(alertRules).where(eq(alertRules.id, id)).get();
}

function removeRule(tx: SyncQueries, id: string): boolean {
  tx.delete(alertIncidents).where(eq(alertIncidents.ruleId, id)).run();
  return tx.delete(alertRules).where(eq(alertRules.id, id)).run().changes > 0;
}

function put(tx: SyncQueries, rule: AlertRule, keys: KeyRing): void {
  const before = find(tx, rule.id);
  const given = toRow(rule, keys);
  const isSame = before !== undefined && concernOf(before) === concernOf(given);
  if (before !== undefined && !isSame) removeRule(tx, rule.id);
  const newest = tx
    .select({ sequence: max(executionEnds.sequence) })
    .from(executionEnds)
    .get();
  const row = { ...given, sinceSequence: isSame ? before.sinceSequence : (newest?.sequence ?? 0) };
  tx.insert(alertRules).values(row).onConflictDoUpdate({ target: alertRules.id, set: row }).run();
}

type RuleRow = typeof alertRules.$inferSelect;

/** What the incidents of a rule are about. */
function concernOf({ workflowId, condition }: Pick<RuleRow, "workflowId" | "condition">): string {
  return JSON.stringify([workflowId, condition]);
}

function toRow(rule: AlertRule, keys: KeyRing) {
  const { id, isEnabled, condition, sendsRecovery, quietMs, createdAt, updatedAt, updatedBy } = rule;
  const { name = null, workflowId = null } = rule;
  return {
    id,
    name,
    workflowId,
    isEnabled,
    condition,
    sendsRecovery,
    quietMs,
    createdAt,
    updatedAt,
    updatedBy,
    ...sealed(rule, keys),
  };
}

function toRule(row: RuleRow, keys: KeyRing): StoredRule {
  const { keyId: _keyId, encrypted: _encrypted, name, workflowId, ...rule } = row;
  const channels = JSON.parse(keys.open(boxOf(row), aboutOf(row.id))) as readonly AlertChannel[];
  return {
    ...rule,
    ...(name === null ? {} : { name }),
    ...(workflowId === null ? {} : { workflowId }),
    channels,
  };
}

function sealed({ id, channels }: Pick<AlertRule, "id" | "channels">, keys: KeyRing) {
  const { keyId, bytes } = keys.seal(JSON.stringify(channels), aboutOf(id));
  return { keyId, encrypted: Buffer.from(bytes) };
}

function boxOf({ keyId, encrypted }: RuleRow) {
  return { keyId, bytes: encrypted };
}

function aboutOf(id: string): string {
  return `alert-rule/${id}`;
}
