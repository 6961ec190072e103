import { z } from "zod";
import type { ApiKeyService } from "../api/services.ts";
import { hashApiKey } from "../stores/api-key-format.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import { decodeCursor, encodeCursor } from "../stores/cursor.ts";

const position = z.object({ createdAt: z.int(), id: z.string() });

/** API keys, from their store: no answer is kept here, so a revoked key stops working at once. */
export function createApiKeyService(store: ApiKeyStore): ApiKeyService {
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
      const record = store.find(hashApiKey(key), Date.now());
      if (record !== undefined) store.touch(record.id, Date.now());
      return record;
    },
  };
}
