import { useState } from "react";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { type CheckGroup, groupsOf, subjectOf } from "./check-groups.ts";
import { CheckStatus } from "./check-status.tsx";
import { ItemDetails } from "./item-details.tsx";
import { type CheckItem, outcomeWords } from "./outcome-words.ts";
import type { Check } from "./use-check.ts";

/** The report of a check: the differences, and beside them what was recorded and what the draft does. */
export function CheckPanel({
  check,
  onGo,
}: {
  readonly check: Check;
  readonly onGo: (place: Place) => void;
}) {
  const { report, isUnderWay, refusal, chosen, choose, start } = check;
  const groups = groupsOf(report?.items ?? []);
  const shown = groups.find(({ key }) => key === chosen) ?? groups[0];
  return (
    <div className="check-panel">
      <div className="check-head">
        {report === undefined || report.total === 0 ? (
          <p className="soft">{report === undefined ? aboutCheck : "No executions have ended yet."}</p>
        ) : null}
        <CheckStatus check={check} />
        {isUnderWay ? null : (
          <Button size="small" icon="retry" refusal={refusal} onClick={start}>
            {report === undefined ? "Check draft" : "Check again"}
          </Button>
        )}
      </div>
      {shown === undefined ? null : (
        <div className="check-columns">
          <ul className="check-list" aria-label="Differences">
            {groups.map((group) => (
              <li key={group.key}>
                <DifferenceButton
                  group={group}
                  isShown={group === shown}
                  onClick={() => {
                    choose(group.key);
                    const place = placeInDraft(group.items[0]);
                    if (place !== undefined) onGo(place);
                  }}
                />
              </li>
            ))}
          </ul>
          <GroupDetails key={shown.key} group={shown} onGo={onGo} />
        </div>
      )}
    </div>
  );
}

const aboutCheck =
  "Replays the last 50 executions on the draft, without side effects, and shows where it behaves differently.";

/** Selects a difference, and shows its line in the editor. */
export function DifferenceButton({
  group: { items },
  isShown = false,
  onClick,
}: {
  readonly group: CheckGroup;
  readonly isShown?: boolean;
  readonly onClick: () => void;
}) {
  const [first] = items;
  const { outcome, place } = first;
  return (
    <button type="button" className="check-item" aria-pressed={isShown} onClick={onClick}>
      <Badge kind={outcome === "same" ? "idle" : "warn"}>{outcomeWords[outcome].name}</Badge>
      {items.length === 1 ? null : <span className="check-count">× {items.length}</span>}
      <span className="check-subject truncate">{subjectOf(first)}</span>
      {place === undefined || outcome === "endsEarlier" ? null : (
        <span className="check-place">
          {place.file}:{place.line}
        </span>
      )}
    </button>
  );
}

/** The line in the draft; a call that the draft no longer makes has none. */
export function placeInDraft({ outcome, place }: CheckItem): Place | undefined {
  if (place === undefined || outcome === "endsEarlier") return undefined;
  return { path: place.file, line: place.line, column: place.column, keepsFocus: true };
}

/** One execution of a group at a time. */
function GroupDetails({
  group: { items },
  onGo,
}: {
  readonly group: CheckGroup;
  readonly onGo: (place: Place) => void;
}) {
  const [at, setAt] = useState(0);
  const item = items[at] ?? items[0];
  return (
    <section className="check-details" aria-label="Difference">
      {items.length === 1 ? null : (
        <div className="row">
          <span className="soft small">
            Execution {at + 1} of {items.length}
          </span>
          <Button
            size="small"
            refusal={at === 0 ? "This is the first." : undefined}
            onClick={() => setAt(at - 1)}
          >
            Previous
          </Button>
          <Button
            size="small"
            refusal={at === items.length - 1 ? "This is the last." : undefined}
            onClick={() => setAt(at + 1)}
          >
            Next
          </Button>
        </div>
      )}
      <ItemDetails item={item} onGo={onGo} />
    </section>
  );
}
