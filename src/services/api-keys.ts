import { z } from "zod";
import type { ApiKeyService, ApiKeyView } from "../api/services.ts";
import { hashApiKey } from "../stores/api-key-format.ts";
import { lastUsedResolutionMs } from "../stores/api-keys.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import { decodeCursor, encodeCursor } from "../stores/cursor.ts";

const position = z.object({ createdAt: z.int(), id: z.string() });

/** API keys, from their store: no answer is kept here, so a revoked key stops working at once. */
export function createApiKeyService(store: ApiKeyStore): ApiKeyService {
  const noteUse = createUseNotes(store);
  return {
    async create(apiKey) {
      const { key, record } = store.create(apiKey, Date.now());
      return { ...record, key };
    },
    async list({ cursor, limit }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor, position);
      const { items, next } = store.list({ limit, after });
      return { items, ...(next === undefined ? {} : { cursor: encodeCursor({ ...next }) }) };
    },
    async revoke(id) {
      store.revoke(id, Date.now());
    },
    async authenticate(key) {
      const now = Date.now();
      const record = store.find(hashApiKey(key), now);
      if (record !== undefined) noteUse(record, now);
      return record;
    },
  };
}

/** Writes down that keys are used, at most once a minute each, and after the request that it was. */
function createUseNotes(store: Pick<ApiKeyStore, "touch">) {
  const due = new Set<string>();
  return ({ id, lastUsedAt = 0 }: Pick<ApiKeyView, "id" | "lastUsedAt">, now: number) => {
    if (now - lastUsedAt < lastUsedResolutionMs || due.has(id)) return;
    due.add(id);
    setImmediate(() => {
      due.delete(id);
      try {
        store.touch(id, now);
      } catch {
        // The database is busy, or closed: the next request tries again, and nobody was kept waiting for it.
      }
    });
  };
}
