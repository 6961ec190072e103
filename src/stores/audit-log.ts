import { desc, lt } from "./drizzle.ts";
import type { Database } from "./database.ts";
import { keysetPage, type KeysetPage, type KeysetRequest } from "./keyset.ts";
import { auditLog } from "./schema.ts";

/** Who changed what, when and from where. */
export interface AuditRecord {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly actorId: string;
  /** The name that the API key had. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly address: string;
  /** Of the answer. */
  readonly status: number;
}

/** Only ever added to. */
export interface AuditLogStore {
  add(record: Omit<AuditRecord, "id">): void;
  /** The newest first. */
  list(page: KeysetRequest<number>): KeysetPage<AuditRecord, number>;
}

export function createAuditLogStore({ queries }: Database): AuditLogStore {
  return {
    add: (record) => void queries.insert(auditLog).values(record).run(),
    list: ({ after, limit }) => {
      const rows = queries
        .select()
        .from(auditLog)
        .where(after === undefined ? undefined : lt(auditLog.id, after))
        .orderBy(desc(auditLog.id))
        .limit(limit + 1)
        .all();
      return keysetPage(rows, { limit, toItem: (row) => row, keyOf: ({ id }) => id });
    },
  };
}
