/**
 * Saves a draft while it is edited.
 *
 * It owns the shown draft, the entity tag of the stored draft, and the request in flight.
 *
 * 1. At most one request is in flight. Changes made during it are saved after it.
 * 2. A draft of another client is never overwritten: a conflict stops saving until it is resolved.
 * 3. A failed save is retried with back-off, or immediately by `retryNow`.
 */
import type { Draft } from "./draft.ts";

/** The state of saving. Only `saved` means that the server has all changes. */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The server is unreachable or overloaded. */
  | { readonly kind: "offline" }
  /** The server rejects the draft: it is too large, the key lacks a scope, or the session has expired. */
  | { readonly kind: "refused"; readonly error: Error }
  | { readonly kind: "conflict"; readonly by: SavedBy | undefined };

/** Who saved the stored draft; `undefined` if it was deleted. */
export interface SavedBy {
  readonly updatedBy: string;
  readonly updatedAt: string;
}

/** The outcome of one attempt to save. */
export type SaveResult =
  | { readonly kind: "saved"; readonly etag: string }
  | { readonly kind: "conflict"; readonly by: SavedBy | undefined }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly error: Error };

export interface DraftSaverOptions {
  readonly draft: Draft;
  /** The entity tag of the stored draft; `undefined` if there is none. */
  readonly etag: string | undefined;
  /** Never throws. `etag` is that of the draft to overwrite; `undefined` if there must be none. */
  readonly save: (draft: Draft, etag: string | undefined) => Promise<SaveResult>;
}

export interface DraftSaver {
  /** The same object until the state changes. */
  readonly snapshot: () => DraftSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly edit: (draft: Draft) => void;
  /** Saves unsaved changes without waiting for a pause. Resolves to the resulting state. */
  readonly flush: () => Promise<SaveState>;
  readonly retryNow: () => void;
  /** Resolves a conflict: overwrites the draft with this tag; `undefined` if it was deleted. */
  readonly keepMine: (etag: string | undefined) => void;
  /** Resolves a conflict, or loads the draft of another client: it is shown from now on. */
  readonly loadTheirs: (draft: Draft, etag: string) => void;
}

export interface DraftSnapshot {
  readonly draft: Draft;
  readonly state: SaveState;
  /** The entity tag of the stored draft; `undefined` if there is none. */
  readonly etag: string | undefined;
}

/** The pause in typing after which changes are saved. */
export const saveDelayMs = 800;

const firstRetryMs = 2_000;
const longestRetryMs = 30_000;

export function createDraftSaver({ draft, etag, save }: DraftSaverOptions): DraftSaver {
  const listeners = new Set<() => void>();
  let snapshot: DraftSnapshot = { draft, etag, state: { kind: "saved" } };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | undefined;
  let retryMs = firstRetryMs;

  function change(part: Partial<DraftSnapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener();
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(begin, delayMs);
  }

  function begin(): void {
    clearTimeout(timer);
    underWay ??= attempt().finally(() => {
      underWay = undefined;
    });
  }

  async function attempt(): Promise<void> {
    const { draft: sent } = snapshot;
    change({ state: { kind: "saving" } });
    settle(sent, await save(sent, snapshot.etag));
  }

  function settle(sent: Draft, result: SaveResult): void {
    if (result.kind === "unreachable") {
      change({ state: { kind: "offline" } });
      schedule(retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
      return;
    }
    retryMs = firstRetryMs;
    if (result.kind !== "saved") return change({ state: result });
    const isAll = snapshot.draft === sent;
    change({ etag: result.etag, state: { kind: isAll ? "saved" : "unsaved" } });
    if (!isAll) schedule(saveDelayMs);
  }

  return {
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    edit(edited) {
      if (edited === snapshot.draft) return;
      const { kind } = snapshot.state;
      if (kind === "conflict" || kind === "saving" || kind === "offline") return change({ draft: edited });
      change({ draft: edited, state: { kind: "unsaved" } });
      schedule(saveDelayMs);
    },
    async flush() {
      if (underWay !== undefined) await underWay;
      if (["unsaved", "offline", "refused"].includes(snapshot.state.kind)) {
        begin();
        await underWay;
      }
      return snapshot.state;
    },
    retryNow() {
      if (snapshot.state.kind === "offline" || snapshot.state.kind === "refused") begin();
    },
    keepMine(theirEtag) {
      change({ etag: theirEtag });
      begin();
    },
    loadTheirs(theirs, theirEtag) {
      clearTimeout(timer);
      change({ draft: theirs, etag: theirEtag, state: { kind: "saved" } });
    },
  };
}
