import { languageNames, languageOf } from "#domain/engines/language.ts";
import { Button } from "../components/button.tsx";
import { InPageBar } from "../components/page-bar.tsx";
import type { SaveState } from "../drafts/draft-saver.ts";
import { PauseButton } from "../workflows/workflow-pause.tsx";
import type { Check } from "./check/use-check.ts";
import type { Deploy } from "./deploy/use-deploy.ts";
import { SaveStatus } from "./draft/save-status.tsx";
import { runKeys } from "./run-keys.ts";

/** What the editor shows in the bar of the workflow: save state, deploy state, and the buttons of the draft. */
export function WorkbenchBar({
  workflowId,
  state,
  entry,
  currentVersion,
  hasChanges,
  refusal,
  previewRefusal,
  check,
  deploy,
  onPreview,
  onCheck,
  onDeploy,
  onRetrySave,
}: {
  readonly workflowId: string;
  readonly state: SaveState;
  /** The entry file of the draft. */
  readonly entry: string;
  /** `null` while loading. */
  readonly currentVersion: number | null | undefined;
  readonly hasChanges: boolean;
  /** Why the key may not change the workflow. */
  readonly refusal: string | undefined;
  /** Why the draft cannot be previewed. */
  readonly previewRefusal: string | undefined;
  readonly check: Check;
  readonly deploy: Deploy;
  readonly onPreview: () => void;
  readonly onCheck: () => void;
  readonly onDeploy: () => void;
  readonly onRetrySave: () => void;
}) {
  const conflict = state.kind === "conflict" ? "Resolve the conflict first: choose a draft." : undefined;
  return (
    <InPageBar>
      <div className="workbench-state">
        {refusal === undefined ? (
          <SaveStatus state={state} onRetry={onRetrySave} />
        ) : (
          <span className="save-status">Read-only</span>
        )}
        {deploy.failure === undefined ? (
          <span className="deploy-state truncate">{deployState(entry, currentVersion, hasChanges)}</span>
        ) : (
          <span className="deploy-failure truncate" role="alert" title={deploy.failure}>
            {deploy.failure}
          </span>
        )}
      </div>
      <div className="workbench-actions">
        <PauseButton workflowId={workflowId} />
        <Button icon="play" hint={runKeys} refusal={previewRefusal} onClick={onPreview}>
          <span className="bar-label">Preview</span>
        </Button>
        <Button icon="check" hint={checkHint} refusal={check.refusal} onClick={onCheck}>
          <span className="bar-label">{checkLabel(check)}</span>
        </Button>
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
    </InPageBar>
  );
}

const checkHint = "Replay the last 50 executions on the draft, without side effects";

function checkLabel({ isUnderWay, report }: Check): string {
  if (!isUnderWay) return "Check";
  return report?.total === undefined ? "Checking…" : `Checking… ${report.done} of ${report.total}`;
}

/** TypeScript needs no mention. */
function deployState(entry: string, currentVersion: number | null | undefined, hasChanges: boolean): string {
  if (currentVersion === null) return "";
  const language = languageOf({ entry });
  const prefix = language === "javascript" ? "" : `${languageNames[language]} · `;
  if (currentVersion === undefined) return `${prefix}Not deployed yet`;
  return `${prefix}${hasChanges ? `Changed since version ${currentVersion}` : `Version ${currentVersion} is current`}`;
}
