import type { Page, PageRequest } from "../base/page.ts";
import type { AuditFilter } from "../domain/audit-filter.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { auditRetentionMs, auditSweepRecords, maxAuditRecords } from "./limits.ts";
import type { SqliteDatabase } from "./sql/sqlite.ts";
import { and, asc, desc, eq, gte, inArray, lt, lte, or } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { auditLog } from "./sql/schema.ts";

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
  add(record: Omit<AuditRecord, "id">): void;
  /** Newest first. */
  list(page: PageRequest<number>, filter?: AuditFilter): Page<AuditRecord, number>;
}

export function createAuditLogStore(
  { sync: queries }: SqliteDatabase,
  { retentionMs = auditRetentionMs, maxRecords = maxAuditRecords, sweepRecords = auditSweepRecords } = {},
): AuditLogStore {
  /** Checks twice as many of the oldest entries as were added since the last sweep, so that a backlog shrinks. */
  function sweep(lastId: number, now: number): void {
    const oldest = queries
      .select({ id: auditLog.id })
      .from(auditLog)
      .orderBy(asc(auditLog.id))
      .limit(2 * sweepRecords);
    const isOver = or(lt(auditLog.at, now - retentionMs), lte(auditLog.id, lastId - maxRecords));
    queries
      .delete(auditLog)
      .where(and(inArray(auditLog.id, oldest), isOver))
      .run();
  }

  return {
    add(record) {
      const id = Number(queries.insert(auditLog).values(record).run().lastInsertRowid);
      if (id % sweepRecords === 0) sweep(id, record.at);
    },
    list: ({ after, limit }, filter = {}) => {
      const rows = queries
        .select()
        .from(auditLog)
        .where(and(after === undefined ? undefined : lt(auditLog.id, after), matching(filter)))
        .orderBy(desc(auditLog.id))
        .limit(limit + 1)
        .all();
      return keysetPage(rows, { limit, toItem: toRecord, keyOf: ({ id }) => id });
    },
  };
}

function matching({ actor, action, workflowId, after, before }: AuditFilter) {
  return and(
    actor === undefined ? undefined : eq(auditLog.actor, actor),
    action === undefined ? undefined : eq(auditLog.action, action),
    workflowId === undefined ? undefined : eq(auditLog.workflowId, workflowId),
    after === undefined ? undefined : gte(auditLog.at, after),
    before === undefined ? undefined : lt(auditLog.at, before),
  );
}

function toRecord({ workflowId, ...row }: typeof auditLog.$inferSelect): AuditRecord {
  return workflowId === null ? row : { ...row, workflowId };
}
