import type { CSSProperties, ReactNode } from "react";
import "./table.css";

/**
 * A table. On phones each row is a card that labels every value with its column. A column without a visible name has a label in `hidden`.
 */
export function Table({
  label,
  columns,
  dense = false,
  bar,
  children,
}: {
  readonly label: string;
  readonly columns: readonly (string | { readonly hidden: string })[];
  /** Less space in rows, for long lists. */
  readonly dense?: boolean;
  /** Shown above the columns, for example the actions for selected rows. */
  readonly bar?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="table-frame" data-dense={dense || undefined}>
      {bar}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scroll areas must be focusable */}
      <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
        <table className="table" style={namesOf(columns)}>
          <thead>
            <tr>
              {columns.map((column) =>
                typeof column === "string" ? (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ) : (
                  <th key={column.hidden} scope="col">
                    <span className="visually-hidden">{column.hidden}</span>
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </div>
  );
}

/** The names of the columns as custom properties for `table.css`: `--column-2: "Status"`. */
function namesOf(columns: readonly (string | { readonly hidden: string })[]): CSSProperties {
  const named = columns.map((column, index) => [
    `--column-${index + 1}`,
    typeof column === "string" ? JSON.stringify(column) : undefined,
  ]);
  return Object.fromEntries(named) as CSSProperties;
}
