import { useQueryClient } from "@tanstack/react-query";
import { hasCode } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import type { SaveState } from "../../drafts/draft-saver.ts";
import "./draft.css";

/** Whether the draft is saved. Errors have a sentence; typing is not announced by screen readers. */
export function SaveStatus({ state, onRetry }: { readonly state: SaveState; readonly onRetry: () => void }) {
  return (
    <span className="save-status" data-kind={state.kind} role={isWorrying(state) ? "alert" : undefined}>
      <Icon name={isWorrying(state) ? "alert" : state.kind === "saved" ? "check" : "clock"} />
      <span>{sentenceOf(state)}</span>
      {isLoggedOut(state) ? (
        <LogInAgain />
      ) : state.kind === "offline" || state.kind === "refused" ? (
        <Button kind="quiet" size="small" onClick={onRetry}>
          Save now
        </Button>
      ) : null}
    </span>
  );
}

/** Returns to the editor after logging in. Unsaved changes are kept and then saved. */
function LogInAgain() {
  const queries = useQueryClient();
  return (
    <Button size="small" onClick={() => queries.setQueryData(["session"], null)}>
      Log in again
    </Button>
  );
}

function isLoggedOut(state: SaveState): boolean {
  return state.kind === "refused" && hasCode(state.error, "unauthenticated");
}

function isWorrying({ kind }: SaveState): boolean {
  return kind === "offline" || kind === "refused" || kind === "conflict";
}

function sentenceOf(state: SaveState): string {
  switch (state.kind) {
    case "saved":
      return "Saved";
    case "unsaved":
    case "saving":
      return "Saving…";
    case "offline":
      return "Offline. Changes will be saved automatically.";
    case "refused":
      return isLoggedOut(state)
        ? "Session expired. Changes are kept in this tab."
        : `Not saved: ${state.error.message}`;
    case "conflict":
    default:
      return "Not saved: another client changed this draft";
  }
}
