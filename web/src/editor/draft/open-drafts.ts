/**
 * The drafts that are edited, by their workflow. One that could not be saved yet stays here when its view is left, so
 * that it is still there when one comes back, and the browser asks before the page is closed.
 */
import { saveDraft } from "../../drafts/draft-api.ts";
import { createDraftSaver, type DraftSaver, type DraftSaverOptions } from "../../drafts/draft-saver.ts";

const savers = new Map<string, DraftSaver>();

/** The one that still has something to save; `undefined` where there is none. */
export function unsavedDraft(workflowId: string): DraftSaver | undefined {
  const saver = savers.get(workflowId);
  return saver?.snapshot().state.kind === "saved" ? undefined : saver;
}

/** Begins to edit what the server has, or goes on with what it does not have yet. */
export function openDraft(workflowId: string, stored: Omit<DraftSaverOptions, "save">): DraftSaver {
  const unsaved = unsavedDraft(workflowId);
  if (unsaved !== undefined) return unsaved;
  const saver = createDraftSaver({
    ...stored,
    save: async (draft, etag) => await saveDraft(workflowId, draft, etag),
  });
  savers.set(workflowId, saver);
  return saver;
}

/** The view is left: what is unsaved is saved now. */
export async function leaveDraft(workflowId: string): Promise<void> {
  const saver = savers.get(workflowId);
  const state = await saver?.flush();
  if (state?.kind === "saved" && savers.get(workflowId) === saver) savers.delete(workflowId);
}

function hasUnsaved(): boolean {
  return [...savers.values()].some((saver) => saver.snapshot().state.kind !== "saved");
}

globalThis.addEventListener("beforeunload", (event) => {
  if (hasUnsaved()) event.preventDefault();
});

// Somebody who switches to another app on a phone may not come back.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const saver of savers.values()) void saver.flush();
});

globalThis.addEventListener("online", () => {
  for (const saver of savers.values()) saver.retryNow();
});
