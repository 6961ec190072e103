import type { ExperimentOutcome, ExperimentRow } from "#experiments/experiment.ts";
import { callText, changeText, outcomeText, placeText, repeatText } from "#experiments/row-text.ts";
import type { CallSite } from "#recordings/recording.ts";
import { Badge } from "../components/badge.tsx";
import type { BadgeKind } from "../components/badge.tsx";
import { Table } from "../components/table.tsx";

/** Shows a place in a file of the draft. */
export type ShowPlace = (place: {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}) => void;

const badges: Readonly<Record<ExperimentOutcome, readonly [BadgeKind, string]>> = {
  same: ["good", "same"],
  otherResult: ["warn", "other result"],
  fails: ["bad", "fails"],
  asksForMore: ["wait", "asks for more"],
  waits: ["wait", "waits"],
  unfinished: ["bad", "unfinished"],
};

/** A row for each run: what went wrong, and what the workflow did. Cells have one child, as they are flex boxes on phones. */
export function ExperimentTable({
  rows,
  onGo,
}: {
  readonly rows: readonly ExperimentRow[];
  readonly onGo: ShowPlace;
}) {
  return (
    <Table label="Experiment" columns={["Step", "What goes wrong", "Outcome", "Repeats"]} dense>
      {rows.map((row) => (
        <tr key={`${row.call} ${row.change}`}>
          <th scope="row">
            <div>
              <code className="break">{callText(row.name)}</code> <PlaceLink place={row.place} onGo={onGo} />
            </div>
          </th>
          <td>{changeText(row)}</td>
          <td>
            <Outcome row={row} onGo={onGo} />
          </td>
          <td>
            <div>
              {row.repeats.length === 0 ? <span className="soft">nothing</span> : null}
              {row.repeats.map((repeat) => (
                <div key={repeat.name} className="break" data-warn={repeat.isIdempotent ? undefined : true}>
                  {repeatText(repeat)}
                </div>
              ))}
            </div>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Outcome({ row, onGo }: { readonly row: ExperimentRow; readonly onGo: ShowPlace }) {
  const [kind, name] = badges[row.outcome];
  const { assumed } = row;
  return (
    <div>
      <Badge kind={kind}>{name}</Badge>
      {row.outcome === "same" ? null : <div className="break small">{outcomeText(row)}</div>}
      <PlaceLink place={row.endPlace} onGo={onGo} />
      {assumed.length === 0 ? null : (
        <div className="soft small break">
          Answered like a recorded call: {assumed.map(callText).join(", ")}
        </div>
      )}
    </div>
  );
}

function PlaceLink({ place, onGo }: { readonly place: CallSite | undefined; readonly onGo: ShowPlace }) {
  if (place === undefined) return null;
  const { file: path, line, column } = place;
  return (
    <button type="button" className="link mono small" onClick={() => onGo({ path, line, column })}>
      {placeText(place)}
    </button>
  );
}
