import type { ApiKeyService, SessionService } from "../api/contract/services.ts";
import { hashApiKey } from "../stores/api-key-format.ts";
import { lastUsedResolutionMs } from "../stores/api-keys.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import type { SessionStore } from "../stores/sessions.ts";
import { createLastUsedTracker } from "./last-used-tracker.ts";

/** Sessions. Look-ups are not cached, so a session ends immediately when it is closed or its key is revoked. */
export function createSessionService(options: {
  readonly store: SessionStore;
  readonly apiKeys: Pick<ApiKeyService, "authenticate">;
  readonly keyStore: Pick<ApiKeyStore, "touch">;
}): SessionService {
  const { store, apiKeys, keyStore } = options;
  const trackUse = createLastUsedTracker(store, lastUsedResolutionMs);
  const trackKeyUse = createLastUsedTracker(keyStore, lastUsedResolutionMs);
  return {
    async open(key) {
      const apiKey = await apiKeys.authenticate(key);
      if (apiKey === undefined) return undefined;
      const now = Date.now();
      const token = await store.create(hashApiKey(key), now);
      const session = await store.find(token, now);
      return session === undefined ? undefined : { token, apiKey, expiresAt: session.expiresAt };
    },
    async find(token) {
      const now = Date.now();
      const session = await store.find(token, now);
      if (session === undefined) return undefined;
      const { tokenHash, apiKey, lastUsedAt, expiresAt } = session;
      trackUse(tokenHash, lastUsedAt, now);
      trackKeyUse(apiKey.id, apiKey.lastUsedAt, now);
      return { apiKey, expiresAt };
    },
    close: async (token) => await store.remove(token),
  };
}
