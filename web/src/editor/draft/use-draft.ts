import { useEffect, useState, useSyncExternalStore } from "react";
import { useToast } from "../../components/toast.tsx";
import { readDraft } from "../../drafts/draft-api.ts";
import type { DraftSaver, DraftSaverOptions, DraftSnapshot } from "../../drafts/draft-saver.ts";
import { leaveDraft, openDraft } from "./open-drafts.ts";

/** The draft of a workflow, saved as it is edited, as long as its view is there. */
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

/** Whoever comes back to the page sees what others have saved meanwhile, before typing anything. */
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
      // Where it cannot be read now, the next save finds out.
      if (saver.snapshot().state.kind === "saved") look().catch(() => undefined);
    };
    globalThis.addEventListener("focus", onFocus);
    return () => globalThis.removeEventListener("focus", onFocus);
  }, [workflowId, saver, toast]);
}
