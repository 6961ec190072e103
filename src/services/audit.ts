import { z } from "zod";
import type { AuditService } from "../api/contract/services.ts";
import { decodeCursor, encodeCursor } from "../api/http/cursor.ts";
import type { AuditLogStore } from "../stores/audit-log.ts";

export function createAuditService(store: AuditLogStore): AuditService {
  return {
    record: (entry) => store.add({ ...entry, at: Date.now() }),
    async list({ cursor, limit }, filter) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor, z.int());
      const { items, next } = store.list({ limit, after }, filter);
      return { items, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
    },
  };
}
