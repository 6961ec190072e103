import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatDuration } from "#base/duration-text.ts";
import { Icon } from "./icon.tsx";
import { spanOfAll } from "./repeats-row.tsx";
import { isRepeats, repeatsText } from "./repeats.ts";
import type { StepWindow } from "./step-window.ts";
import { outcomeText, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { Table } from "./table.tsx";
import type { StepSelection } from "./timeline-row.tsx";

/** The timeline as a table. */
export function TimelineTable({
  view,
  begin,
  now,
  hasEnded,
  selection,
}: {
  readonly view: Pick<StepWindow, "shown" | "isExpanded" | "toggle">;
  readonly begin: number;
  readonly now: number;
  readonly hasEnded: boolean;
  readonly selection: StepSelection | undefined;
}) {
  return (
    <Table label="Steps" columns={["Step", "Start offset", "Duration", "Outcome"]}>
      {view.shown.map((line) =>
        isRepeats(line) ? (
          <Row key={`repeats-${line.id}`} begin={begin} span={spanOfAll(line, now)} outcome="">
            <button
              type="button"
              className="timeline-repeats"
              aria-expanded={view.isExpanded(line)}
              onClick={() => view.toggle(line)}
            >
              <Icon name={view.isExpanded(line) ? "down" : "right"} size={14} />
              {repeatsText(line)}
            </button>
          </Row>
        ) : (
          <Row key={line.index} begin={begin} span={spanOf(line, now)} outcome={outcomeOf(line, hasEnded)}>
            {selection === undefined ? (
              line.name
            ) : (
              <Link
                href={selection.hrefOf(line)}
                data-step={line.index}
                aria-current={line.index === selection.selected}
              >
                {line.name}
              </Link>
            )}
          </Row>
        ),
      )}
    </Table>
  );
}

function outcomeOf(step: TimelineStep, hasEnded: boolean): string {
  const outcome = outcomeText(step, hasEnded);
  return step.error === undefined ? outcome : `${outcome}: ${step.error.message}`;
}

function Row({
  begin,
  span: { from, to },
  outcome,
  children,
}: {
  readonly begin: number;
  readonly span: { readonly from: number; readonly to: number };
  readonly outcome: string;
  readonly children: ReactNode;
}) {
  return (
    <tr>
      <th scope="row" className="mono">
        {children}
      </th>
      <td className="nowrap">{formatDuration(from - begin)}</td>
      <td className="nowrap">{formatDuration(to - from)}</td>
      <td>{outcome}</td>
    </tr>
  );
}
