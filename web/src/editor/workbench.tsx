import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { languageOf } from "#domain/engines/language.ts";
import type { Recording } from "#recordings/recording.ts";
import { useRefusal } from "../session/session.tsx";
import { useCases } from "./cases/use-cases.ts";
import { useCheck } from "./check/use-check.ts";
import { DeployDialog } from "./deploy/deploy-dialog.tsx";
import { useDeploy } from "./deploy/use-deploy.ts";
import { ConflictNotice } from "./draft/conflict-notice.tsx";
import { type Draft, isSameDraft } from "../drafts/draft.ts";
import type { DraftSaverOptions } from "../drafts/draft-saver.ts";
import { useDraft } from "./draft/use-draft.ts";
import { CodePane } from "./code-pane.tsx";
import { ModulePane } from "./module-pane.tsx";
import { useOpenFiles } from "./files/use-open-files.ts";
import { stackedLayout, useLayout } from "./layout/use-layout.ts";
import { useWorkspace } from "./monaco/use-workspace.ts";
import { ResultsPanel } from "./panel/results-panel.tsx";
import { type PanelTab, useRuns } from "./panel/use-runs.ts";
import { useProblems } from "./problems/use-problems.ts";
import { versionQuery, workflowQuery } from "../model/versions-api.ts";
import { WorkbenchBar } from "./workbench-bar.tsx";
import "./workbench.css";

export interface WorkbenchProps {
  readonly workflowId: string;
  readonly initial: Omit<DraftSaverOptions, "save">;
  /** On which previews run. */
  readonly recording: Recording | undefined;
}

/** The editor of a draft: its files, and below them the results. */
export function Workbench({ workflowId, initial, recording }: WorkbenchProps) {
  const {
    saver,
    snapshot: { draft, state },
  } = useDraft(workflowId, initial);
  const files = useOpenFiles(draft);
  const { onGo } = files;
  const workspace = useWorkspace(saver, draft, files.path);
  const results = useResults(workflowId, draft, recording);
  const { runs, layout, panel } = results;
  const deploy = useDeploy(workflowId, draft, () => results.show("problems"));
  const { isKnown, currentVersion, hasChanges } = useCurrentVersion(workflowId, draft);
  const check = useCheck(workflowId, draft, currentVersion !== undefined);
  const problems = useProblems(workspace, deploy.problems, runs.problems);
  const cases = useCases(draft, runs.replay, saver.edit);
  const refusal = useRefusal("workflows:deploy", workflowId);
  const [isDeployAsked, askDeploy] = useState(false);
  const latestDraft = () => saver.snapshot().draft;
  const ofDraft = { workflowId, draft, latestDraft, currentVersion, hasChanges };
  const shared = { ...ofDraft, problems, check, cases, refusal, onGo };
  const onKeys = (event: KeyboardEvent) => actOnKeys(event, results.preview, () => void saver.flush());
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the whole view, each of which a button has too */}
      <div className="workbench" onKeyDownCapture={onKeys}>
        <WorkbenchBar
          workflowId={workflowId}
          state={state}
          entry={draft.entry}
          currentVersion={isKnown ? currentVersion : null}
          hasChanges={hasChanges}
          refusal={refusal}
          previewRefusal={runs.refusal}
          check={check}
          deploy={deploy}
          onPreview={results.preview}
          onCheck={() => {
            if (!check.isUnderWay) check.start();
            results.show("check");
          }}
          onDeploy={() => {
            check.startIfNeeded();
            if (cases.cases.length > 0) cases.run();
            askDeploy(true);
          }}
          onRetrySave={saver.retryNow}
        />
        {state.kind === "conflict" ? (
          <ConflictNotice workflowId={workflowId} by={state.by} saver={saver} mine={draft} />
        ) : null}
        <div className="workbench-main">
          {languageOf(draft) === "wasm" ? (
            <ModulePane entry={draft.entry} />
          ) : (
            <CodePane
              draft={draft}
              workspace={workspace}
              files={files}
              problems={problems}
              refusal={refusal}
              isListOpen={layout.layout.isFileListOpen}
              onListOpen={(isFileListOpen) => layout.change({ isFileListOpen })}
              onEdit={saver.edit}
            />
          )}
          <ResultsPanel {...shared} ref={panel} runs={runs} layout={layout} onEdit={saver.edit} />
        </div>
      </div>
      {isDeployAsked ? (
        <DeployDialog
          {...shared}
          deploy={deploy}
          onShowCheck={() => results.show("check")}
          onClose={() => askDeploy(false)}
        />
      ) : null}
    </>
  );
}

/** The state of the panel below the code. */
function useResults(workflowId: string, draft: Draft, recording: Recording | undefined) {
  const layout = useLayout();
  const runs = useRuns(workflowId, draft, recording);
  const panel = useRef<HTMLElement>(null);
  const reveal = () => {
    layout.change({ areResultsOpen: true });
    if (matchMedia(stackedLayout).matches) panel.current?.scrollIntoView({ block: "start" });
  };
  return {
    layout,
    runs,
    panel,
    show: (tab: PanelTab) => {
      runs.setTab(tab);
      reveal();
    },
    preview: () => {
      runs.preview();
      reveal();
    },
  };
}

/** Ctrl or Cmd with Enter previews, and with S saves, wherever the focus is. */
function actOnKeys(event: KeyboardEvent, preview: () => void, save: () => void): void {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isCommand || (event.key !== "Enter" && event.key !== "s")) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Enter") preview();
  else save();
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
