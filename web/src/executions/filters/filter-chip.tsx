import type { ReactNode } from "react";
import { Icon } from "../../components/icon.tsx";
import { Popover } from "../../components/popover.tsx";

/** One property of a filter: a chip that opens its field, and a button that removes it. */
export function FilterChip({
  label,
  value,
  onClear,
  children,
}: {
  readonly label: string;
  /** `undefined` if the property is not filtered. */
  readonly value: string | undefined;
  readonly onClear: () => void;
  readonly children: (close: () => void) => ReactNode;
}) {
  return (
    <div className="filter-chip" data-set={value !== undefined || undefined}>
      <Popover
        label={`Filter by ${label.toLowerCase()}`}
        className="filter-chip-button"
        button={
          value === undefined ? (
            <>
              <Icon name="plus" size={12} />
              {label}
            </>
          ) : (
            <>
              {label}: <strong>{value}</strong>
            </>
          )
        }
      >
        {children}
      </Popover>
      {value === undefined ? null : (
        <button
          type="button"
          className="filter-chip-clear"
          aria-label={`Remove filter ${label.toLowerCase()}`}
          onClick={onClear}
        >
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  );
}

/** One of the values to choose from. */
export function FilterOption({
  isChosen,
  onChoose,
  children,
}: {
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="popover-option" aria-pressed={isChosen} onClick={onChoose}>
      {children}
      {isChosen ? <Icon name="check" /> : null}
    </button>
  );
}
