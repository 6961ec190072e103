import type { Ref } from "react";
import { ExecutePanel } from "../execute/execute-panel.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { InputFields } from "../payload/input-fields.tsx";
import { PreviewPanel } from "../preview/preview-panel.tsx";
import { PanelTabs } from "./panel-tabs.tsx";
import type { Runs } from "./use-runs.ts";

/** Runs the draft in this browser, or the current version on the server. */
export function RunPanel({
  ref,
  workflowId,
  runs,
  currentVersion,
  hasChanges,
  onPreview,
  onGo,
}: {
  readonly ref: Ref<HTMLElement>;
  readonly workflowId: string;
  readonly runs: Runs;
  readonly currentVersion: number | undefined;
  readonly hasChanges: boolean;
  readonly onPreview: () => void;
  readonly onGo: (place: Place) => void;
}) {
  const { input } = runs;
  const fields = (
    <InputFields
      input={input.input}
      history={input.payloads}
      onChange={input.setInput}
      onClearHistory={input.forget}
    />
  );
  return (
    <section className="run-panel" aria-label="Run" ref={ref}>
      <PanelTabs
        label="Run mode"
        current={runs.tab}
        onChoose={runs.setTab}
        tabs={[
          {
            id: "preview",
            label: "Preview",
            content: (
              <>
                {fields}
                <PreviewPanel
                  options={runs.options}
                  onOptions={runs.setOptions}
                  session={runs.session}
                  progress={runs.progress}
                  refusal={runs.refusal}
                  onRun={onPreview}
                  onGo={onGo}
                />
              </>
            ),
          },
          {
            id: "execute",
            label: "Execute",
            content: (
              <>
                {fields}
                <ExecutePanel
                  workflowId={workflowId}
                  input={input.input}
                  currentVersion={currentVersion}
                  hasChanges={hasChanges}
                  onBegin={input.remember}
                  onGo={onGo}
                />
              </>
            ),
          },
        ]}
      />
    </section>
  );
}
