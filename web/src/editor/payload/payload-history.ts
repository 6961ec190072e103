/**
 * Earlier payloads, newest first, one list per workflow.
 *
 * They may contain personal data, so they are kept in `sessionStorage` and deleted with the tab.
 */
export interface PayloadHistory {
  readonly list: () => readonly string[];
  /** Adds a payload, or moves an existing one, to the front. */
  readonly add: (payload: string) => void;
  readonly clear: () => void;
}

/** The maximum number of payloads per workflow. */
export const maxRememberedPayloads = 20;

/** Longer payloads are not stored, because browsers limit the storage to about 5 MB. */
export const maxRememberedLength = 50_000;

export function payloadHistory(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  workflowId: string,
): PayloadHistory {
  const key = `duranium:payloads:${workflowId}`;
  const list = () => parseList(storage.getItem(key));
  return {
    list,
    add(payload) {
      if (payload.length > maxRememberedLength) return;
      const others = list().filter((other) => other !== payload);
      try {
        storage.setItem(key, JSON.stringify([payload, ...others].slice(0, maxRememberedPayloads)));
      } catch {
        // The storage is full. The history is optional, so it stays unchanged.
      }
    },
    clear: () => storage.removeItem(key),
  };
}

function parseList(text: string | null): readonly string[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}
