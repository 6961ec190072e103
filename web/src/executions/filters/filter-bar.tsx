import { useState } from "react";
import { useLocation } from "wouter";
import { executionStatuses } from "#domain/execution.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Status } from "../../components/status.tsx";
import { TypedFilter } from "../../components/typed-filter.tsx";
import { whyNotEntryPoint } from "../../model/run-input.ts";
import { CreatedFilter } from "./created-filter.tsx";
import { changed, whyNotPayload, whyNotTags, whyNotWorkflowPart } from "./filter.ts";
import type { ExecutionFilter, FilterChange } from "./filter.ts";
import { FilterChip, FilterOption } from "./filter-chip.tsx";
import { SavedFilters } from "./saved-filters.tsx";
import "./filter-bar.css";

/** The filter of a list of executions: a search, a chip for each property, and saved filters. */
export function FilterBar({
  filter,
  workflows,
  onChange,
}: {
  readonly filter: ExecutionFilter;
  /** Workflows to choose from; `undefined` if the workflow is fixed. */
  readonly workflows: readonly string[] | undefined;
  readonly onChange: (filter: ExecutionFilter) => void;
}) {
  const isSet = Object.keys(filter).some((name) => name !== "workflow" || workflows !== undefined);
  const set = (change: FilterChange) => onChange(changed(filter, change));
  const fixed = workflows === undefined && filter.workflow !== undefined ? { workflow: filter.workflow } : {};
  return (
    <div className="filter-bar" role="search" aria-label="Filter executions">
      <div className="row">
        <Search text={filter.search ?? ""} onSearch={(search) => set({ search })} />
        <SavedFilters filter={filter} onApply={(saved) => onChange({ ...saved, ...fixed })} />
      </div>
      <div className="filter-chips">
        <StatusFilter status={filter.status} onChange={(status) => set({ status })} />
        {workflows === undefined ? null : (
          <WorkflowFilter filter={filter} workflows={workflows} onChange={set} />
        )}
        <TypedChip
          label="Version"
          value={filter.version?.toString()}
          whyNot={whyNotVersion}
          onSet={(text) => set({ version: text === undefined ? undefined : Number(text) })}
        />
        <TypedChip
          label="Entry point"
          value={filter.entryPoint}
          whyNot={whyNotEntryPoint}
          onSet={(entryPoint) => set({ entryPoint })}
        />
        <TypedChip
          label="Tags"
          value={filter.tag}
          placeholder="customer:42"
          whyNot={whyNotTags}
          onSet={(tag) => set({ tag })}
        />
        <TypedChip
          label="Payload"
          value={filter.payload}
          placeholder="/customer/id:42"
          whyNot={whyNotPayload}
          onSet={(payload) => set({ payload })}
        />
        <CreatedFilter filter={filter} onChange={set} />
        {isSet ? (
          <Button kind="quiet" size="small" onClick={() => onChange(fixed)}>
            Clear
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Finds executions by the start of their ID or part of their error. A whole ID opens its execution. */
function Search({
  text,
  onSearch,
}: {
  readonly text: string;
  readonly onSearch: (search: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const [, navigate] = useLocation();
  return (
    <form
      className="filter-search"
      onSubmit={(event) => {
        event.preventDefault();
        const next = (typed ?? text).trim();
        if (isExecutionId(next)) return navigate(`/executions/${next}`);
        onSearch(next === "" ? undefined : next);
        setTyped(undefined);
      }}
    >
      <TextField
        type="search"
        label="Search by ID or error"
        hideLabel
        placeholder="Search by execution ID or error"
        value={typed ?? text}
        maxLength={200}
        onChange={setTyped}
      />
    </form>
  );
}

function StatusFilter({
  status,
  onChange,
}: {
  readonly status: ExecutionFilter["status"];
  readonly onChange: (status: ExecutionFilter["status"]) => void;
}) {
  return (
    <FilterChip label="Status" value={status} onClear={() => onChange(undefined)}>
      {(close) => (
        <div className="popover-options">
          {executionStatuses.map((each) => (
            <FilterOption
              key={each}
              isChosen={each === status}
              onChoose={() => {
                onChange(each);
                close();
              }}
            >
              <Status status={each} />
            </FilterOption>
          ))}
        </div>
      )}
    </FilterChip>
  );
}

function WorkflowFilter({
  filter,
  workflows,
  onChange,
}: {
  readonly filter: ExecutionFilter;
  readonly workflows: readonly string[];
  readonly onChange: (change: FilterChange) => void;
}) {
  return (
    <TypedChip
      label="Workflow"
      value={filter.workflow ?? filter.workflowContains}
      list={workflows}
      placeholder="Name or part of it"
      whyNot={whyNotWorkflowPart}
      onSet={(text) => {
        // A known name matches exactly, any other text matches names that contain it.
        const isWhole = text !== undefined && workflows.includes(text);
        onChange({ workflow: isWhole ? text : undefined, workflowContains: isWhole ? undefined : text });
      }}
    />
  );
}

function TypedChip({
  label,
  value,
  onSet,
  ...field
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly list?: readonly string[];
  readonly placeholder?: string;
  readonly whyNot: (text: string) => string | undefined;
  readonly onSet: (value: string | undefined) => void;
}) {
  return (
    <FilterChip label={label} value={value} onClear={() => onSet(undefined)}>
      {(close) => <TypedFilter label={label} value={value} {...field} onSet={onSet} onApplied={close} />}
    </FilterChip>
  );
}

function whyNotVersion(text: string): string | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? undefined : "Enter a version number.";
}

function isExecutionId(text: string): boolean {
  return /^inv_[A-Za-z0-9]{20,60}$/.test(text);
}
