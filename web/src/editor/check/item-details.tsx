import { Link } from "wouter";
import type { JsonValue } from "#base/json.ts";
import { differencesOf } from "#replay/json-difference.ts";
import { JsonView } from "../../components/json-view.tsx";
import { Table } from "../../components/table.tsx";
import { shortId } from "../../executions/short-id.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { Outcome } from "../panel/outcome.tsx";
import { moreFuel, requestOf } from "./check-groups.ts";
import { type CheckItem, outcomeWords } from "./outcome-words.ts";

/** How the draft differs on one execution: what was recorded, what it does now, and what differs between the two. */
export function ItemDetails({
  item,
  onGo,
}: {
  readonly item: CheckItem;
  readonly onGo: (place: Place) => void;
}) {
  const { executionId, outcome, step, failure, differences, reason, fuel, fixed } = item;
  return (
    <>
      <p>
        {outcomeWords[outcome].about} {fixed === true ? "It gets past the failure of the execution. " : null}
        {fuel === undefined ? null : `It uses ${moreFuel(fuel)}. `}
        {executionId.startsWith("inv_1preview") ? null : (
          <Link href={`/executions/${executionId}`} title={executionId}>
            Execution {shortId(executionId)}
          </Link>
        )}
        {step === undefined ? null : <span className="soft"> · step {step + 1}</span>}
      </p>
      <PlaceLink item={item} onGo={onGo} />
      {reason === undefined ? null : <p>{reason}</p>}
      {failure === undefined ? null : <Outcome failure={failure} onGo={onGo} />}
      {differences === undefined ? null : (
        <Differences label="Differences of the result" rows={differences} />
      )}
      <Calls item={item} />
    </>
  );
}

function PlaceLink({ item, onGo }: { readonly item: CheckItem; readonly onGo: (place: Place) => void }) {
  const { place, outcome } = item;
  if (place === undefined) return null;
  const text = `${place.file}:${place.line}`;
  if (outcome === "endsEarlier") {
    return (
      <p className="soft">
        The recorded version makes the call at <span className="mono">{text}</span>.
      </p>
    );
  }
  return (
    <p>
      <button
        type="button"
        className="link mono"
        onClick={() => onGo({ path: place.file, line: place.line, column: place.column })}
      >
        {text}
      </button>
      {place.function === undefined ? null : <span className="soft"> in {place.function}</span>}
    </p>
  );
}

function Calls({ item: { expected, actual } }: { readonly item: CheckItem }) {
  const [before, after] = [expected, actual].map((call) =>
    call === undefined ? undefined : requestOf(call),
  );
  const rows =
    before === undefined || after === undefined ? [] : differencesOf(before as JsonValue, after as JsonValue);
  return (
    <>
      {rows.length === 0 ? null : <Differences label="Differences of the call" rows={rows} />}
      <div className="check-calls">
        {expected === undefined ? null : <Call title="Recorded" name={expected.name} request={before} />}
        {actual === undefined ? null : <Call title="Draft" name={actual.name} request={after} />}
      </div>
    </>
  );
}

function Call({
  title,
  name,
  request,
}: {
  readonly title: string;
  readonly name: string;
  readonly request: unknown;
}) {
  return (
    <div className="check-call">
      <code className="break small">{name}</code>
      <JsonView value={request} label={title} />
    </div>
  );
}

function Differences({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: NonNullable<CheckItem["differences"]>;
}) {
  return (
    <Table label={label} columns={["Path", "Recorded", "Draft"]} dense>
      {rows.map(({ path, before, after }) => (
        <tr key={path}>
          <th scope="row" className="mono nowrap">
            {path === "" ? "the whole value" : path}
          </th>
          <td className="mono">{textOf(before)}</td>
          <td className="mono">{textOf(after)}</td>
        </tr>
      ))}
    </Table>
  );
}

function textOf(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
