import type { CSSProperties, ReactNode, Ref } from "react";
import { Icon } from "../../components/icon.tsx";
import { ExperimentsPanel } from "../../experiments/experiments-panel.tsx";
import { shortId } from "../../executions/short-id.ts";
import type { Draft } from "../../drafts/draft.ts";
import { CasesPanel } from "../cases/cases-panel.tsx";
import { SaveCase } from "../cases/save-case.tsx";
import type { Cases } from "../cases/use-cases.ts";
import { groupsOf } from "../check/check-groups.ts";
import { CheckPanel } from "../check/check-panel.tsx";
import type { Check } from "../check/use-check.ts";
import { ExecutePanel } from "../execute/execute-panel.tsx";
import { ResizeHandle } from "../layout/resize-handle.tsx";
import type { LayoutState } from "../layout/use-layout.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { missingPackages } from "../packages/package-rows.ts";
import { PackagesPanel } from "../packages/packages-panel.tsx";
import { InputFields } from "../payload/input-fields.tsx";
import { PreviewPanel } from "../preview/preview-panel.tsx";
import { RecordedAnswers } from "../recorded/recorded-answers.tsx";
import { ProblemsList } from "../problems/problems-list.tsx";
import type { EditorProblem } from "../problems/problems.ts";
import { PanelTabs } from "./panel-tabs.tsx";
import { hasRun, type Runs } from "./use-runs.ts";

export interface ResultsPanelProps {
  readonly ref: Ref<HTMLElement>;
  readonly workflowId: string;
  readonly runs: Runs;
  readonly problems: readonly EditorProblem[];
  readonly check: Check;
  readonly cases: Cases;
  readonly draft: Draft;
  /** Why the draft cannot be edited. */
  readonly refusal: string | undefined;
  readonly onEdit: (draft: Draft) => void;
  /** The draft as it is now, for changes that take a while. */
  readonly latestDraft: () => Draft;
  readonly currentVersion: number | undefined;
  readonly hasChanges: boolean;
  readonly layout: LayoutState;
  readonly onGo: (place: Place) => void;
}

/** The panel below the code: runs of the draft in this browser, executions of the current version, and problems. */
export function ResultsPanel(props: ResultsPanelProps) {
  const {
    ref,
    runs,
    problems,
    check,
    cases,
    refusal,
    layout: { layout, change },
    onGo,
  } = props;
  const { resultsPercent, areResultsOpen: isOpen } = layout;
  const height = { "--results-height": `${resultsPercent}%` } as CSSProperties;
  return (
    <section
      className="results-panel"
      aria-label="Results"
      data-closed={!isOpen || undefined}
      ref={ref}
      style={height}
    >
      {isOpen ? (
        <ResizeHandle percent={resultsPercent} onResize={(percent) => change({ resultsPercent: percent })} />
      ) : null}
      <PanelTabs
        label="Results"
        current={runs.tab}
        isOpen={isOpen}
        onChoose={(tab) => {
          runs.setTab(tab);
          change({ areResultsOpen: true });
        }}
        end={<OpenButton isOpen={isOpen} onOpen={(areResultsOpen) => change({ areResultsOpen })} />}
        tabs={[
          { id: "preview", label: "Preview", content: <PreviewTab {...props} /> },
          { id: "execute", label: "Execute", content: <ExecuteTab {...props} /> },
          { id: "what-if", label: "What if", content: <WhatIfTab {...props} /> },
          {
            id: "cases",
            label: "Cases",
            count: cases.cases.length,
            content: <CasesPanel cases={cases} refusal={refusal} onGo={onGo} />,
          },
          {
            id: "check",
            label: "Check",
            count: groupsOf(check.report?.items ?? []).length,
            content: <CheckPanel check={check} onGo={onGo} />,
          },
          {
            id: "packages",
            label: "Packages",
            count: missingPackages(props.draft),
            // Its search is a request.
            content:
              runs.tab !== "packages" ? null : (
                <PackagesPanel
                  draft={props.draft}
                  latest={props.latestDraft}
                  refusal={refusal}
                  onEdit={props.onEdit}
                />
              ),
          },
          {
            id: "problems",
            label: "Problems",
            count: problems.length,
            content: <ProblemsTab problems={problems} onGo={onGo} />,
          },
        ]}
      />
    </section>
  );
}

function OpenButton({
  isOpen,
  onOpen,
}: {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}) {
  const label = isOpen ? "Hide results" : "Show results";
  return (
    <button
      type="button"
      className="panel-button"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={() => onOpen(!isOpen)}
    >
      <Icon name={isOpen ? "down" : "up"} />
    </button>
  );
}

function Input({ runs: { input } }: Pick<ResultsPanelProps, "runs">): ReactNode {
  return (
    <InputFields
      input={input.input}
      history={input.payloads}
      onChange={input.setInput}
      onClearHistory={input.forget}
    />
  );
}

function PreviewTab({ runs, draft, refusal, onEdit, onGo }: ResultsPanelProps) {
  return (
    <PreviewPanel
      input={
        <>
          {runs.recorded === undefined ? null : <RecordedAnswers recorded={runs.recorded} />}
          <Input runs={runs} />
        </>
      }
      end={
        runs.session === undefined ? null : (
          <SaveCase session={runs.session} draft={draft} refusal={refusal} onEdit={onEdit} />
        )
      }
      isRecorded={runs.recorded !== undefined}
      options={runs.options}
      onOptions={runs.setOptions}
      session={runs.session}
      progress={runs.progress}
      onGo={onGo}
    />
  );
}

function ExecuteTab({ workflowId, runs, currentVersion, hasChanges, onGo }: ResultsPanelProps) {
  return (
    <ExecutePanel
      fields={<Input runs={runs} />}
      workflowId={workflowId}
      input={runs.input.input}
      currentVersion={currentVersion}
      hasChanges={hasChanges}
      onBegin={runs.input.remember}
      onGo={onGo}
    />
  );
}

function WhatIfTab({ runs, onGo }: ResultsPanelProps) {
  const { progress, recorded, experiment, startExperiment } = runs;
  const isPreview = hasRun(progress);
  const { executionId } = recorded?.run.recording ?? {};
  const repeated =
    isPreview || executionId === undefined ? "the last preview" : `execution ${shortId(executionId)}`;
  return (
    <ExperimentsPanel
      experiment={experiment}
      subject={`Repeats ${repeated} with one failure at a time. No requests are sent.`}
      refusal={isPreview || recorded !== undefined ? undefined : "Preview the workflow first."}
      onStart={startExperiment}
      onGo={onGo}
    />
  );
}

function ProblemsTab({ problems, onGo }: Pick<ResultsPanelProps, "problems" | "onGo">) {
  if (problems.length === 0) return <p className="panel-empty">No problems</p>;
  return <ProblemsList problems={problems} onGo={onGo} />;
}
