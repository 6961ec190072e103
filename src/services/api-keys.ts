import { z } from "zod";
import type { ApiKeyService } from "../api/services.ts";
import { hashApiKey } from "../stores/api-key-format.ts";
import { lastUsedResolutionMs } from "../stores/api-keys.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import { decodeCursor, encodeCursor } from "../stores/cursor.ts";
import { createUseNotes } from "./use-notes.ts";

const position = z.object({ createdAt: z.int(), id: z.string() });

/** API keys, from their store: no answer is kept here, so a revoked key stops working at once. */
export function createApiKeyService(store: ApiKeyStore): ApiKeyService {
  const noteUse = createUseNotes(store, lastUsedResolutionMs);
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
      if (record !== undefined) noteUse(record.id, record.lastUsedAt, now);
      return record;
    },
  };
}
