import { TypedFilter } from "../../components/typed-filter.tsx";
import { whyNotWorkflowId } from "../../model/workflow-id.ts";
import { FilterChip } from "./filter-chip.tsx";
import "./filter-bar.css";

/** The chip of a list that is filtered by one whole workflow name. */
export function WorkflowChip({
  workflow,
  workflows,
  onChange,
}: {
  readonly workflow: string | undefined;
  /** Suggestions. */
  readonly workflows: readonly string[];
  readonly onChange: (workflow: string | undefined) => void;
}) {
  return (
    <FilterChip label="Workflow" value={workflow} onClear={() => onChange(undefined)}>
      {(close) => (
        <TypedFilter
          label="Workflow"
          value={workflow}
          list={workflows}
          placeholder="Name"
          whyNot={whyNotWorkflowId}
          onSet={onChange}
          onApplied={close}
        />
      )}
    </FilterChip>
  );
}
