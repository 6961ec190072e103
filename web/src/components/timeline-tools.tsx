import { Button } from "./button.tsx";
import type { StepFilter } from "./step-window.ts";

/** The search is shown above this number of steps. */
const searchableFrom = 20;

/** Search and filter of a timeline, and the switch between chart and table. */
export function TimelineTools({
  numberOfSteps,
  filter,
  onFilter,
  isTable,
  onTable,
  onGoToFailed,
}: {
  readonly numberOfSteps: number;
  readonly filter: StepFilter;
  readonly onFilter: (filter: StepFilter) => void;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  /** Absent if no step failed. */
  readonly onGoToFailed: (() => void) | undefined;
}) {
  return (
    <div className="timeline-tools">
      {numberOfSteps <= searchableFrom ? null : (
        <>
          <input
            className="input timeline-search"
            type="search"
            aria-label="Search steps"
            placeholder="Search"
            value={filter.text}
            onChange={({ target }) => onFilter({ ...filter, text: target.value })}
          />
          <label className="timeline-filter">
            <input
              type="checkbox"
              checked={filter.onlyBad}
              onChange={({ target }) => onFilter({ ...filter, onlyBad: target.checked })}
            />
            Errors only
          </label>
          {onGoToFailed === undefined ? null : (
            <Button size="small" onClick={onGoToFailed}>
              Jump to failed step
            </Button>
          )}
        </>
      )}
      <div className="timeline-switch" role="group" aria-label="Show the timeline as">
        <button type="button" aria-pressed={!isTable} onClick={() => onTable(false)}>
          Chart
        </button>
        <button type="button" aria-pressed={isTable} onClick={() => onTable(true)}>
          Table
        </button>
      </div>
    </div>
  );
}
