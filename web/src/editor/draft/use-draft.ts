import { useEffect, useState, useSyncExternalStore } from "react";
import { useToast } from "../../components/toast.tsx";
import { readDraft } from "../../drafts/draft-api.ts";
import type { DraftSaver, DraftSaverOptions, DraftSnapshot } from "../../drafts/draft-saver.ts";
import { leaveDraft, openDraft } from "./open-drafts.ts";

/** The draft of a workflow, saved while it is edited. */
export function useDraft(
  workflowId: string,
  stored: Omit<DraftSaverOptions, "save">,
): { readonly saver: DraftSaver; readonly snapshot: DraftSnapshot } {
  const [saver] = useState(() => openDraft(workflowId, stored));
  const snapshot = useSyncExternalStore(saver.subscribe, saver.snapshot);
  useEffect(() => () => void leaveDraft(workflowId), [workflowId]);
  useTakeOver(workflowId, saver);
  return { saver, snapshot };
}

/** Loads changes of other clients when the tab becomes visible again, before the user types. */
function useTakeOver(workflowId: string, saver: DraftSaver): void {
  const toast = useToast();
  useEffect(() => {
    const look = async () => {
      const { etag } = saver.snapshot();
      const theirs = await readDraft(workflowId);
      const now = saver.snapshot();
      const isIdle = now.state.kind === "saved" && now.etag === etag;
      if (theirs === undefined || theirs.etag === etag || !isIdle) return;
      saver.loadTheirs(theirs.draft, theirs.etag);
      toast.done(`Updated to the draft saved by ${theirs.by.updatedBy}`);
    };
    const onFocus = () => {
      // If the draft cannot be read, the next save reports it.
      if (saver.snapshot().state.kind === "saved") look().catch(() => undefined);
    };
    globalThis.addEventListener("focus", onFocus);
    return () => globalThis.removeEventListener("focus", onFocus);
  }, [workflowId, saver, toast]);
}
