import { TextField } from "../../components/field.tsx";
import { isoOfInput, localInput } from "../../time/local-input.ts";
import { formatClock } from "../../time/moment.tsx";
import { periods } from "./filter.ts";
import type { ExecutionFilter, FilterChange, Period } from "./filter.ts";
import { FilterChip, FilterOption } from "./filter-chip.tsx";

/** When an execution was created: a period before now, or two times. */
export function CreatedFilter({
  filter: { within, after, before },
  onChange,
}: {
  readonly filter: ExecutionFilter;
  readonly onChange: (change: FilterChange) => void;
}) {
  return (
    <FilterChip
      label="Created"
      value={within === undefined ? rangeText(after, before) : periods[within].label.toLowerCase()}
      onClear={() => onChange({ within: undefined, after: undefined, before: undefined })}
    >
      {(close) => (
        <>
          <div className="popover-options">
            {(Object.keys(periods) as Period[]).map((period) => (
              <FilterOption
                key={period}
                isChosen={period === within}
                onChoose={() => {
                  onChange({ within: period, after: undefined, before: undefined });
                  close();
                }}
              >
                {periods[period].label}
              </FilterOption>
            ))}
          </div>
          <TextField
            type="datetime-local"
            label="From"
            value={localInput(after)}
            onChange={(text) => onChange({ after: isoOfInput(text), within: undefined })}
          />
          <TextField
            type="datetime-local"
            label="Until"
            value={localInput(before)}
            onChange={(text) => onChange({ before: isoOfInput(text), within: undefined })}
          />
        </>
      )}
    </FilterChip>
  );
}

function rangeText(after: string | undefined, before: string | undefined): string | undefined {
  if (after === undefined) return before === undefined ? undefined : `until ${formatClock(before)}`;
  return before === undefined
    ? `from ${formatClock(after)}`
    : `${formatClock(after)} – ${formatClock(before)}`;
}
