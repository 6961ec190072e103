/**
 * Saves a draft while it is edited.
 *
 * It owns what is shown, what the server is known to have (by its tag), and the one request that is under way.
 *
 * 1. At most one request is under way: what is typed meanwhile is saved after it.
 * 2. Nothing is written over what somebody else has saved: a conflict stops the saving until it is settled.
 * 3. What could not be saved stays here and is tried again, later and later, or at once by `retryNow`.
 */
import type { Draft } from "./draft.ts";

/** Where the saving is. `saved` alone means that the server has all of it. */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The server is unreachable or overloaded. */
  | { readonly kind: "offline" }
  /** The server rejects the draft: it is too large, the key lacks a scope, or the session has expired. */
  | { readonly kind: "refused"; readonly error: Error }
  | { readonly kind: "conflict"; readonly by: SavedBy | undefined };

/** Who saved the draft that the server has; `undefined` where somebody deleted it. */
export interface SavedBy {
  readonly updatedBy: string;
  readonly updatedAt: string;
}

/** What came of one attempt to save. */
export type SaveResult =
  | { readonly kind: "saved"; readonly etag: string }
  | { readonly kind: "conflict"; readonly by: SavedBy | undefined }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly error: Error };

export interface DraftSaverOptions {
  readonly draft: Draft;
  /** The tag of the server's draft; `undefined` where it has none. */
  readonly etag: string | undefined;
  /** Never throws. `etag` is that of the draft which may be written over; `undefined` where there may be none. */
  readonly save: (draft: Draft, etag: string | undefined) => Promise<SaveResult>;
}

export interface DraftSaver {
  /** The same object until something changes. */
  readonly snapshot: () => DraftSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly edit: (draft: Draft) => void;
  /** Saves what is unsaved without waiting for a pause. Resolves to where the saving then is. */
  readonly flush: () => Promise<SaveState>;
  readonly retryNow: () => void;
  /** Settles a conflict: what is here is written over the draft with this tag, `undefined` where there is none any more. */
  readonly keepMine: (etag: string | undefined) => void;
  /** Settles a conflict, or takes over what somebody else saved: this is shown from now on. */
  readonly loadTheirs: (draft: Draft, etag: string) => void;
}

export interface DraftSnapshot {
  readonly draft: Draft;
  readonly state: SaveState;
  /** The tag of the draft that the server is known to have; `undefined` where it has none. */
  readonly etag: string | undefined;
}

/** A pause in typing after which is saved. */
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
