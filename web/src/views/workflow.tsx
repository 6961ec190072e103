import { lazy, Suspense } from "react";
import { Loading } from "../components/loading.tsx";
import { PageWithBar } from "../components/page-bar.tsx";
import { Empty } from "../components/page.tsx";
import { Tabs } from "../components/tabs.tsx";
import { whyNotWorkflowId } from "../model/workflow-id.ts";
import { useRefusal } from "../session/session.tsx";
import { PauseButton, PauseNotice } from "../workflows/workflow-pause.tsx";
import { NotFound } from "./not-found.tsx";

const Editor = lazy(async () => ({ default: (await import("../editor/editor.tsx")).Editor }));
const Versions = lazy(async () => ({ default: (await import("../editor/versions.tsx")).Versions }));

const WorkflowExecutions = lazy(async () => ({
  default: (await import("../executions/workflow-executions.tsx")).WorkflowExecutions,
}));
const WorkflowSettings = lazy(async () => ({
  default: (await import("../workflow-settings/workflow-settings.tsx")).WorkflowSettings,
}));

const tabs = [
  { id: "editor", label: "Editor" },
  { id: "executions", label: "Executions" },
  { id: "versions", label: "Versions" },
  { id: "settings", label: "Settings" },
] as const;

const labelOf = (tab: string) => tabs.find(({ id }) => id === tab)?.label;

/** One workflow with its tabs. */
export function Workflow({ workflowId, tab }: { readonly workflowId: string; readonly tab: string }) {
  const label = labelOf(tab);
  if (label === undefined || whyNotWorkflowId(workflowId) !== undefined) return <NotFound />;
  return (
    <PageWithBar
      title={`${workflowId}: ${label}`}
      heading={workflowId}
      sections={
        <Tabs
          label={`Sections of ${workflowId}`}
          base={`/workflows/${workflowId}`}
          tabs={tabs}
          current={tab}
        />
      }
      // The editor shows it among its own actions.
      actions={tab === "editor" ? undefined : <PauseButton workflowId={workflowId} />}
      wide={tab === "editor"}
    >
      <PauseNotice workflowId={workflowId} />
      <Suspense fallback={<Loading what={label.toLowerCase()} />}>
        <TabContent workflowId={workflowId} tab={tab} />
      </Suspense>
    </PageWithBar>
  );
}

function AccessDenied({ refusal }: { readonly refusal: string }) {
  return (
    <div className="page">
      <Empty title="Access denied">{refusal}</Empty>
    </div>
  );
}

function TabContent({ workflowId, tab }: { readonly workflowId: string; readonly tab: string }) {
  const mayRead = useRefusal("workflows:read", workflowId);
  // Lists omit workflows that the key may not access, so the reason is shown here.
  if (mayRead !== undefined && tab !== "executions") return <AccessDenied refusal={mayRead} />;
  switch (tab) {
    case "editor":
      return <Editor workflowId={workflowId} />;
    case "versions":
      return <Versions workflowId={workflowId} />;
    case "executions":
      return <WorkflowExecutions workflowId={workflowId} />;
    default:
      return <WorkflowSettings workflowId={workflowId} />;
  }
}
