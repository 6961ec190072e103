import { Button } from "../components/button.tsx";
import type { SaveState } from "../drafts/draft-saver.ts";
import type { Deploy } from "./deploy/use-deploy.ts";
import { SaveStatus } from "./draft/save-status.tsx";

/** The bar above the files: save state, deploy state and the deploy button. */
export function WorkbenchBar({
  state,
  currentVersion,
  hasChanges,
  refusal,
  deploy,
  onDeploy,
  onRetrySave,
}: {
  readonly state: SaveState;
  /** `null` while loading. */
  readonly currentVersion: number | null | undefined;
  readonly hasChanges: boolean;
  /** Why the key may not change the workflow. */
  readonly refusal: string | undefined;
  readonly deploy: Deploy;
  readonly onDeploy: () => void;
  readonly onRetrySave: () => void;
}) {
  const conflict = state.kind === "conflict" ? "Resolve the conflict first: choose a draft." : undefined;
  return (
    <div className="workbench-bar">
      {refusal === undefined ? (
        <SaveStatus state={state} onRetry={onRetrySave} />
      ) : (
        <span className="save-status">Read-only</span>
      )}
      <span className="deploy-state">{deployState(currentVersion, hasChanges)}</span>
      <span className="push" />
      {deploy.failure === undefined ? null : (
        <span className="deploy-failure" role="alert">
          {deploy.failure}
        </span>
      )}
      <Button
        kind={hasChanges ? "primary" : "plain"}
        icon="send"
        busy={deploy.isUnderWay}
        refusal={refusal ?? conflict}
        onClick={onDeploy}
      >
        {deploy.isUnderWay ? "Deploying…" : "Deploy"}
      </Button>
    </div>
  );
}

function deployState(currentVersion: number | null | undefined, hasChanges: boolean): string {
  if (currentVersion === null) return "";
  if (currentVersion === undefined) return "Not deployed yet";
  return hasChanges ? `Changed since version ${currentVersion}` : `Version ${currentVersion} is current`;
}
