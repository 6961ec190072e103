import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "wouter";
import { api } from "../api.ts";
import { Page } from "../components/page.tsx";
import { ExecutionList } from "../executions/list/execution-list.tsx";
import { readFilter, writeFilter } from "../executions/filters/filter.ts";
import { FilterBar } from "../executions/filters/filter-bar.tsx";
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

/** Suggestions; other names can be typed. */
function useWorkflowIds(): readonly string[] {
  const isRefused = useRefusal("workflows:read") !== undefined;
  const { data } = useQuery({
    queryKey: ["workflow-ids"],
    queryFn: async ({ signal }) => await api.get("/workflows", { params: { query: { limit: 100 } }, signal }),
    staleTime: 60_000,
    enabled: !isRefused,
  });
  return data?.items.map(({ workflowId }) => workflowId) ?? [];
}
