import { useLocation, useSearch } from "wouter";
import { Page } from "../components/page.tsx";
import { ExecutionList } from "../executions/list/execution-list.tsx";
import { readFilter, writeFilter } from "../executions/filters/filter.ts";
import { FilterBar } from "../executions/filters/filter-bar.tsx";
import { useWorkflowIds } from "../workflow-ids.ts";
import { useRefusal } from "../session/session.tsx";
import { Refused } from "./refused.tsx";
import "./execution.css";

/** Executions of all workflows, filtered by the URL. */
export function Executions() {
  const refusal = useRefusal("executions:read");
  return refusal === undefined ? <ExecutionPage /> : <Refused title="Executions" refusal={refusal} />;
}

function ExecutionPage() {
  const filter = readFilter(useSearch());
  const [, navigate] = useLocation();
  const workflows = useWorkflowIds();
  return (
    <Page title="Executions">
      <FilterBar
        filter={filter}
        workflows={workflows}
        onChange={(next) => navigate(`/executions?${writeFilter(next)}`, { replace: true })}
      />
      <ExecutionList filter={filter} />
    </Page>
  );
}
