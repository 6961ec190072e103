import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { useToast } from "../components/toast.tsx";
import { useRefusal } from "../session/session.tsx";
import { DeployDialog } from "./deploy/deploy-dialog.tsx";
import { useDeploy } from "./deploy/use-deploy.ts";
import { ConflictNotice } from "./draft/conflict-notice.tsx";
import { type Draft, isSameDraft } from "../drafts/draft.ts";
import type { DraftSaverOptions } from "../drafts/draft-saver.ts";
import { useDraft } from "./draft/use-draft.ts";
import { CodePane } from "./code-pane.tsx";
import type { Place } from "./monaco/code-editor.tsx";
import { useWorkspace } from "./monaco/use-workspace.ts";
import { RunPanel } from "./panel/run-panel.tsx";
import { useRuns } from "./panel/use-runs.ts";
import { useProblems } from "./problems/use-problems.ts";
import { versionQuery, workflowQuery } from "../model/versions-api.ts";
import { WorkbenchBar } from "./workbench-bar.tsx";
import "./workbench.css";

export interface WorkbenchProps {
  readonly workflowId: string;
  readonly initial: Omit<DraftSaverOptions, "save">;
}

/** The editor of a draft: files, problems and the run panel. */
export function Workbench({ workflowId, initial }: WorkbenchProps) {
  const {
    saver,
    snapshot: { draft, state },
  } = useDraft(workflowId, initial);
  const { path, setPath, goTo, onGo } = useOpenFile(draft);
  const workspace = useWorkspace(saver, draft, path);
  const deploy = useDeploy(workflowId, draft);
  const runs = useRuns(workflowId, draft);
  const problems = useProblems(workspace, deploy.problems, runs.problems);
  const refusal = useRefusal("workflows:deploy", workflowId);
  const panel = useRef<HTMLElement>(null);
  const { isKnown, currentVersion, hasChanges } = useCurrentVersion(workflowId, draft);
  const [isDeployAsked, askDeploy] = useState(false);
  const preview = () => {
    runs.preview();
    if (matchMedia(stackedLayout).matches) panel.current?.scrollIntoView({ block: "start" });
  };
  const onKeys = (event: KeyboardEvent) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isCommand || (event.key !== "Enter" && event.key !== "s")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") preview();
    else void saver.flush();
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the whole view, each of which a button has too */}
      <div className="workbench" onKeyDownCapture={onKeys}>
        <WorkbenchBar
          state={state}
          currentVersion={isKnown ? currentVersion : null}
          hasChanges={hasChanges}
          refusal={refusal}
          deploy={deploy}
          onDeploy={() => askDeploy(true)}
          onRetrySave={saver.retryNow}
        />
        {state.kind === "conflict" ? (
          <ConflictNotice workflowId={workflowId} by={state.by} saver={saver} mine={draft} />
        ) : null}
        <div className="workbench-main">
          <CodePane
            draft={draft}
            workspace={workspace}
            path={path}
            goTo={goTo}
            problems={problems}
            refusal={refusal}
            onEdit={saver.edit}
            onOpen={setPath}
            onGo={onGo}
          />
          <RunPanel
            ref={panel}
            workflowId={workflowId}
            runs={runs}
            currentVersion={currentVersion}
            hasChanges={hasChanges}
            onPreview={preview}
            onGo={onGo}
          />
        </div>
      </div>
      {isDeployAsked ? (
        <DeployDialog
          workflowId={workflowId}
          draft={draft}
          currentVersion={currentVersion}
          hasChanges={hasChanges}
          problems={problems}
          deploy={deploy}
          onGo={onGo}
          onClose={() => askDeploy(false)}
        />
      ) : null}
    </>
  );
}

/** The current version, and whether the draft differs from it. */
function useCurrentVersion(workflowId: string, draft: Draft) {
  const { data: workflow } = useQuery(workflowQuery(workflowId));
  const currentVersion = workflow?.currentVersion;
  const { data: version } = useQuery({
    ...versionQuery(workflowId, currentVersion ?? 0),
    enabled: currentVersion !== undefined,
  });
  // While the version is loading, its state is unknown.
  const isKnown = workflow !== undefined && (currentVersion === undefined || version !== undefined);
  return {
    isKnown,
    currentVersion,
    hasChanges: isKnown && !(version !== undefined && isSameDraft(draft, version.source)),
  };
}

/** The layout in which the panel is below the files. Keep in sync with `workbench.css`. */
const stackedLayout = "(max-width: 1000px)";

/** The open file, and the place to navigate to. */
function useOpenFile(draft: Draft) {
  const [chosen, setPath] = useState(draft.entry);
  const [goTo, setGoTo] = useState<Place>();
  const toast = useToast();
  const onGo = (place: Place) => {
    if (!Object.hasOwn(draft.files, place.path)) {
      toast.error(new Error(`File ${place.path} not found in the draft`));
      return;
    }
    setPath(place.path);
    setGoTo(place);
  };
  // The chosen file may have been deleted, or be missing in a draft of another client.
  const path = Object.hasOwn(draft.files, chosen) ? chosen : draft.entry;
  return { path, setPath, goTo, onGo };
}
