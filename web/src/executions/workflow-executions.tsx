import { useLocation, useSearch } from "wouter";
import { Empty } from "../components/page.tsx";
import { useRefusal } from "../session/session.tsx";
import { ExecutionList } from "./list/execution-list.tsx";
import { FilterBar } from "./filters/filter-bar.tsx";
import { readFilter, writeFilter } from "./filters/filter.ts";

/** The executions of one workflow. */
export function WorkflowExecutions({ workflowId }: { readonly workflowId: string }) {
  const filter = { ...readFilter(useSearch()), workflow: workflowId };
  const [, navigate] = useLocation();
  const refusal = useRefusal("executions:read", workflowId);
  if (refusal !== undefined) return <Empty title="Access denied">{refusal}</Empty>;
  return (
    <>
      <FilterBar
        filter={filter}
        workflows={undefined}
        onChange={({ workflow: _same, ...next }) =>
          navigate(`/workflows/${workflowId}/executions?${writeFilter(next)}`, { replace: true })
        }
      />
      <ExecutionList filter={filter} ofWorkflow />
    </>
  );
}
