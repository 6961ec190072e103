import { z } from "zod";
import type { DraftService } from "../api/contract/services.ts";
import { decodeCursor, encodeCursor } from "../api/http/cursor.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import type { DraftStore } from "../stores/drafts.ts";

/** Drafts, from their store. */
export function createDraftService(store: DraftStore): DraftService {
  return {
    get: async (workflowId) => store.get(workflowId),
    async list({ cursor, limit }, only) {
      const position = z.string().transform(parseWorkflowId);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, position);
      const { items, next } = store.list({ limit, after }, only);
      return { items, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
    },
    async save(draft, expected) {
      const result = store.save({ ...draft, updatedAt: Date.now() }, expected);
      return result.saved === undefined ? { conflict: result.instead ?? "gone" } : { saved: result.saved };
    },
    remove: async (workflowId) => store.remove(workflowId),
  };
}
