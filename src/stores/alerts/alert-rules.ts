import type { AlertChannel, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { KeyRing } from "../data-directory/key-ring.ts";
import { changedRows, rows } from "../sql/database.ts";
import type { Database, Queries, Steps } from "../sql/database.ts";
import { asc, eq, max } from "../sql/drizzle.ts";
import type { Tables } from "../sql/tables.ts";

/** A rule, and the end after which executions are evaluated by it. */
export interface StoredRule extends AlertRule {
  readonly sinceSequence: number;
}

/** The rules of alerts. Channels are encrypted, because their URLs and secrets are credentials. */
export interface AlertRuleStore {
  get(id: string): Promise<StoredRule | undefined>;
  /** Lists rules by ID. */
  list(): Promise<readonly StoredRule[]>;
  count(): Promise<number>;
  /** Adds or replaces a rule. A new condition, or another workflow, closes its open incidents without an alert. */
  put(rule: AlertRule): Promise<void>;
  /** @returns true if the rule existed */
  remove(id: string): Promise<boolean>;
  /** Removes the rules of a workflow. */
  removeAll(workflowId: WorkflowId): Promise<void>;
  /**
   * Encrypts all channels with the current master key.
   * @returns the number of rules that used another key
   */
  reencrypt(): Promise<number>;
}

export function createAlertRuleStore(database: Database, keys: KeyRing): AlertRuleStore {
  const { queries, tables } = database;
  const transaction = async <T>(steps: (tx: Queries) => Steps<T>) => await database.transaction(steps);
  const { alertRules } = tables;
  return {
    async get(id) {
      const [row] = await queries.select().from(alertRules).where(eq(alertRules.id, id));
      return row === undefined ? undefined : toRule(row, keys);
    },
    list: async () => (await allRules(queries, tables)).map((row) => toRule(row, keys)),
    count: async () => (await queries.select({ id: alertRules.id }).from(alertRules)).length,
    put: async (rule) => await transaction((tx) => put({ tx, tables, keys }, rule)),
    remove: async (id) => await transaction((tx) => removeRule(tx, tables, id)),
    removeAll: async (workflowId) => await transaction((tx) => removeAll(tx, tables, workflowId)),
    reencrypt: async () => await transaction((tx) => reencrypt({ tx, tables, keys })),
  };
}

/** The rules within a transaction, by ID. */
export function* listRules({ tx, tables, keys }: RuleTransaction): Steps<readonly StoredRule[]> {
  return (yield* rows(allRules(tx, tables))).map((row) => toRule(row, keys));
}

interface RuleTransaction {
  readonly tx: Queries;
  readonly tables: Tables;
  readonly keys: KeyRing;
}

function allRules(queries: Queries, { alertRules }: Tables) {
  return queries.select().from(alertRules).orderBy(asc(alertRules.id));
}

function* removeRule(tx: Queries, { alertIncidents, alertRules }: Tables, id: string): Steps<boolean> {
  yield* rows(tx.delete(alertIncidents).where(eq(alertIncidents.ruleId, id)));
  return changedRows(yield* rows(tx.delete(alertRules).where(eq(alertRules.id, id)))) > 0;
}

function* removeAll(tx: Queries, tables: Tables, workflowId: WorkflowId): Steps<void> {
  const { alertIncidents, alertRules } = tables;
  const found = yield* rows(
    tx.select({ id: alertRules.id }).from(alertRules).where(eq(alertRules.workflowId, workflowId)),
  );
  for (const { id } of found) yield* removeRule(tx, tables, id);
  yield* rows(tx.delete(alertIncidents).where(eq(alertIncidents.workflowId, workflowId)));
}

function* put({ tx, tables, keys }: RuleTransaction, rule: AlertRule): Steps<void> {
  const { alertRules, executionEnds } = tables;
  const [before] = yield* rows(tx.select().from(alertRules).where(eq(alertRules.id, rule.id)));
  const given = toRow(rule, keys);
  const isSame = before !== undefined && concernOf(before) === concernOf(given);
  if (before !== undefined && !isSame) yield* removeRule(tx, tables, rule.id);
  const [newest] = yield* rows(tx.select({ sequence: max(executionEnds.sequence) }).from(executionEnds));
  const row = { ...given, sinceSequence: isSame ? before.sinceSequence : (newest?.sequence ?? 0) };
  yield* rows(tx.insert(alertRules).values(row).onConflictDoUpdate({ target: alertRules.id, set: row }));
}

function* reencrypt({ tx, tables, keys }: RuleTransaction): Steps<number> {
  const { alertRules } = tables;
  const all = yield* rows(tx.select().from(alertRules));
  const stale = all.filter((row) => keys.isStale(boxOf(row)));
  for (const row of stale) {
    const box = sealed(toRule(row, keys), keys);
    yield* rows(tx.update(alertRules).set(box).where(eq(alertRules.id, row.id)));
  }
  return stale.length;
}

type RuleRow = Tables["alertRules"]["$inferSelect"];

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
