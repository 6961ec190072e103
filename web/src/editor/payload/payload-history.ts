/**
 * Payloads that were run before, the newest first, one list for each workflow.
 *
 * They may be about people, so they are kept for the tab alone and go with it: `sessionStorage`, not `localStorage`.
 */
export interface PayloadHistory {
  readonly list: () => readonly string[];
  /** Puts the payload first. One that is there already moves up. */
  readonly add: (payload: string) => void;
  readonly clear: () => void;
}

/** How many are kept of a workflow. */
export const maxRememberedPayloads = 20;

/** Longer ones are not remembered: the browser gives some 5 MB for everything. */
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
        // The storage is full. A history is a comfort, so it stays as it was.
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
