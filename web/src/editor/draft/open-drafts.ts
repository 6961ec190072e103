/**
 * The savers of edited drafts, by workflow. A draft with unsaved changes stays here when its view is left, so that it is still there on return, and the browser asks before the tab is closed.
 */
import { saveDraft } from "../../drafts/draft-api.ts";
import { createDraftSaver, type DraftSaver, type DraftSaverOptions } from "../../drafts/draft-saver.ts";

const savers = new Map<string, DraftSaver>();

/** The saver with unsaved changes; `undefined` if there is none. */
export function unsavedDraft(workflowId: string): DraftSaver | undefined {
  const saver = savers.get(workflowId);
  return saver?.snapshot().state.kind === "saved" ? undefined : saver;
}

/** Opens a draft for editing, with its unsaved changes if there are any. */
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

/** Called when the view is left: saves unsaved changes immediately. */
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

// On phones a tab in the background may never become visible again.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const saver of savers.values()) void saver.flush();
});

globalThis.addEventListener("online", () => {
  for (const saver of savers.values()) saver.retryNow();
});
