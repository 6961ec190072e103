import { useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { FormError } from "../../components/form-errors.ts";
import { Icon } from "../../components/icon.tsx";
import { Popover } from "../../components/popover.tsx";
import { useToast } from "../../components/toast.tsx";
import { writeFilter } from "./filter.ts";
import type { ExecutionFilter } from "./filter.ts";
import { FilterOption } from "./filter-chip.tsx";
import {
  commonFilters,
  maxNameLength,
  readSavedFilters,
  removeSavedFilter,
  saveFilter,
} from "./saved-filters.ts";
import type { SavedFilter } from "./saved-filters.ts";

/** Filters under names, kept in this browser. Their URLs can be shared. */
export function SavedFilters({
  filter,
  onApply,
}: {
  readonly filter: ExecutionFilter;
  readonly onApply: (filter: ExecutionFilter) => void;
}) {
  const [saved, setSaved] = useState(readSavedFilters);
  const [isNaming, setNaming] = useState(false);
  const query = writeFilter(filter);
  const current = [...commonFilters, ...saved].find((each) => writeFilter(each.filter) === query);
  return (
    <div className="push">
      <Popover
        label="Saved filters"
        className="button"
        align="end"
        button={
          <>
            {current?.name ?? "Saved filters"}
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <div className="popover-options">
            <SavedList
              filters={commonFilters}
              current={current}
              onApply={(each) => {
                onApply(each);
                close();
              }}
            />
            {saved.length === 0 ? null : <hr className="popover-rule" />}
            <SavedList
              filters={saved}
              current={current}
              onApply={(each) => {
                onApply(each);
                close();
              }}
              onRemove={(name) => {
                removeSavedFilter(name);
                setSaved(readSavedFilters());
              }}
            />
            <hr className="popover-rule" />
            <button
              type="button"
              className="popover-option"
              onClick={() => {
                close();
                setNaming(true);
              }}
            >
              Save this filter…
            </button>
          </div>
        )}
      </Popover>
      {isNaming ? (
        <SaveDialog
          filter={filter}
          onSaved={() => setSaved(readSavedFilters())}
          onClose={() => setNaming(false)}
        />
      ) : null}
    </div>
  );
}

function SavedList({
  filters,
  current,
  onApply,
  onRemove,
}: {
  readonly filters: readonly SavedFilter[];
  readonly current: SavedFilter | undefined;
  readonly onApply: (filter: ExecutionFilter) => void;
  readonly onRemove?: (name: string) => void;
}) {
  return filters.map(({ name, filter }) => (
    <div key={name} className="popover-row">
      <FilterOption isChosen={name === current?.name} onChoose={() => onApply(filter)}>
        {name}
      </FilterOption>
      {onRemove === undefined ? null : (
        <button
          type="button"
          className="popover-option"
          aria-label={`Delete saved filter ${name}`}
          onClick={() => onRemove(name)}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  ));
}

function SaveDialog({
  filter,
  onSaved,
  onClose,
}: {
  readonly filter: ExecutionFilter;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState("");
  const toast = useToast();
  const save = async () => {
    const trimmed = name.trim();
    if (trimmed === "") throw new FormError([{ parameter: "name", detail: "Enter a name." }]);
    saveFilter(trimmed, filter);
    onSaved();
    toast.done("Filter saved");
  };
  return (
    <Dialog title="Save filter" submit="Save filter" onSubmit={save} onClose={onClose}>
      <TextField
        label="Name"
        at="name"
        value={name}
        onChange={setName}
        maxLength={maxNameLength}
        hint="Saved in this browser. To share a filter, share the address of the page."
      />
    </Dialog>
  );
}
