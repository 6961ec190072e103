import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { TypedFilter } from "../components/typed-filter.tsx";
import { whyNotEntryPoint } from "../model/run-input.ts";
import { executionStatuses } from "#domain/execution.ts";
import { isoOfInput, localInput } from "../time/local-input.ts";
import { whyNotWorkflowPart } from "./filter.ts";
import type { ExecutionFilter } from "./filter.ts";
import "./filter-bar.css";

const periods = [
  ["", "Any time"],
  ["3600", "Last hour"],
  ["86400", "Last 24 hours"],
  ["604800", "Last 7 days"],
  ["between", "Between…"],
] as const;

type Period = (typeof periods)[number][0];

/** The filter of a list of executions. */
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
  const [, navigate] = useLocation();
  // Invalid text is not part of the filter, so remounting the fields clears it.
  const [clearings, setClearings] = useState(0);
  const isSet = Object.keys(filter).some((name) => name !== "workflow" || workflows !== undefined);
  const set = (part: { [Name in keyof ExecutionFilter]?: ExecutionFilter[Name] | undefined }) =>
    onChange(
      Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined)),
    );
  return (
    <div key={clearings} className="filters" role="search" aria-label="Filter executions">
      {workflows === undefined ? null : (
        <TypedFilter
          label="Workflow"
          value={filter.workflow ?? filter.workflowContains}
          list={workflows}
          whyNot={whyNotWorkflowPart}
          onSet={(text) => set(workflowFilter(text, workflows))}
        />
      )}
      <SelectField
        label="Status"
        value={filter.status ?? ""}
        options={[["", "Any"], ...executionStatuses.map((status) => [status, status] as const)]}
        onChange={(value) => set({ status: executionStatuses.find((status) => status === value) })}
      />
      <TypedFilter
        label="Version"
        value={filter.version?.toString()}
        whyNot={whyNotVersion}
        onSet={(text) => set({ version: text === undefined ? undefined : Number(text) })}
      />
      <TypedFilter
        label="Entry point"
        value={filter.entryPoint}
        whyNot={whyNotEntryPoint}
        onSet={(entryPoint) => set({ entryPoint })}
      />
      <PeriodFields filter={filter} onChange={set} />
      <TypedFilter
        label="Execution ID"
        placeholder="inv_…"
        whyNot={whyNotExecutionId}
        onSet={(id) => {
          if (id !== undefined) navigate(`/executions/${id}`);
        }}
      />
      {isSet ? (
        <Button
          kind="quiet"
          icon="close"
          onClick={() => {
            setClearings(clearings + 1);
            onChange(
              workflows === undefined && filter.workflow !== undefined ? { workflow: filter.workflow } : {},
            );
          }}
        >
          Clear
        </Button>
      ) : null}
    </div>
  );
}

function PeriodFields({
  filter: { after, before },
  onChange,
}: {
  readonly filter: ExecutionFilter;
  readonly onChange: (times: {
    readonly after?: string | undefined;
    readonly before?: string | undefined;
  }) => void;
}) {
  const [period, setPeriod] = useState<Period>(after === undefined && before === undefined ? "" : "between");
  const shown = after === undefined && before === undefined && period !== "between" ? "" : period;
  const choose = (next: Period) => {
    setPeriod(next);
    if (next === "") onChange({ after: undefined, before: undefined });
    else if (next !== "between")
      onChange({ after: new Date(Date.now() - Number(next) * 1_000).toISOString(), before: undefined });
  };
  return (
    <>
      <SelectField label="Created" value={shown} options={periods} onChange={choose} />
      {shown === "between" ? (
        <>
          <TextField
            type="datetime-local"
            label="From"
            value={localInput(after)}
            onChange={(text) => onChange({ after: isoOfInput(text) })}
          />
          <TextField
            type="datetime-local"
            label="Until"
            value={localInput(before)}
            onChange={(text) => onChange({ before: isoOfInput(text) })}
          />
        </>
      ) : null}
    </>
  );
}

/** A known workflow name matches exactly, any other text matches names that contain it. */
function workflowFilter(text: string | undefined, workflows: readonly string[]) {
  const isWhole = text !== undefined && workflows.includes(text);
  return { workflow: isWhole ? text : undefined, workflowContains: isWhole ? undefined : text };
}

function whyNotVersion(text: string): string | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? undefined : "Enter a version number.";
}

function whyNotExecutionId(text: string): string | undefined {
  return /^inv_[A-Za-z0-9]{20,60}$/.test(text)
    ? undefined
    : "Enter an execution ID such as inv_1gdJBtdVEcM942bj…";
}
