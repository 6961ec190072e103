import type { Page, PageRequest } from "../base/page.ts";
import type { AuditFilter } from "../domain/audit-filter.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { auditRetentionMs, auditSweepRecords, maxAuditRecords } from "./limits.ts";
import type { Database } from "./sql/database.ts";
import { and, asc, desc, eq, gte, inArray, lt, lte, or } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

/** One entry of the audit log. */
export interface AuditRecord {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly actorId: string;
  /** The name of the API key at that time. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly workflowId?: WorkflowId;
  readonly address: string;
  /** Status code of the response. */
  readonly status: number;
}

/** An append-only log. Entries are removed when they are old, or when many newer ones exist. */
export interface AuditLogStore {
  add(record: Omit<AuditRecord, "id">): Promise<void>;
  /** Newest first. */
  list(page: PageRequest<number>, filter?: AuditFilter): Promise<Page<AuditRecord, number>>;
}

export function createAuditLogStore(
  { queries, tables: { auditLog } }: Database,
  { retentionMs = auditRetentionMs, maxRecords = maxAuditRecords, sweepRecords = auditSweepRecords } = {},
): AuditLogStore {
  /** Checks twice as many of the oldest entries as were added since the last sweep, so that a backlog shrinks. */
  async function sweep(lastId: number, now: number): Promise<void> {
    const oldest = queries
      .select({ id: auditLog.id })
      .from(auditLog)
      .orderBy(asc(auditLog.id))
      .limit(2 * sweepRecords);
    const isOver = or(lt(auditLog.at, now - retentionMs), lte(auditLog.id, lastId - maxRecords));
    await queries.delete(auditLog).where(and(inArray(auditLog.id, oldest), isOver));
  }

  return {
    async add(record) {
      const [added] = await queries.insert(auditLog).values(record).returning({ id: auditLog.id });
      if (added !== undefined && added.id % sweepRecords === 0) await sweep(added.id, record.at);
    },
    list: async ({ after, limit }, filter = {}) => {
      const found = await queries
        .select()
        .from(auditLog)
        .where(and(after === undefined ? undefined : lt(auditLog.id, after), matching(auditLog, filter)))
        .orderBy(desc(auditLog.id))
        .limit(limit + 1);
      return keysetPage(found, { limit, toItem: toRecord, keyOf: ({ id }) => id });
    },
  };
}

type AuditTable = Tables["auditLog"];

function matching(table: AuditTable, { actor, action, workflowId, after, before }: AuditFilter) {
  return and(
    actor === undefined ? undefined : eq(table.actor, actor),
    action === undefined ? undefined : eq(table.action, action),
    workflowId === undefined ? undefined : eq(table.workflowId, workflowId),
    after === undefined ? undefined : gte(table.at, after),
    before === undefined ? undefined : lt(table.at, before),
  );
}

function toRecord({ workflowId, ...row }: AuditTable["$inferSelect"]): AuditRecord {
  return workflowId === null ? row : { ...row, workflowId };
}
