import { useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import "./json-view.css";

/** Deeper values are folded. */
const openDepth = 2;
/** More members are shown on request. */
const shownAtFirst = 100;
const maxStringLength = 600;

/** A JSON value that can be folded and copied. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label?: string }) {
  return (
    <div className="json" role="group" aria-label={label ?? "JSON"}>
      <div className="json-head">
        {label === undefined ? null : <span className="json-label">{label}</span>}
        <CopyButton text={() => JSON.stringify(value, null, 2)} what={label?.toLowerCase() ?? "JSON"} />
      </div>
      <div className="json-body">
        <Value value={value} depth={0} />
      </div>
    </div>
  );
}

function Value({
  value,
  depth,
  name,
}: {
  readonly value: unknown;
  readonly depth: number;
  readonly name?: string;
}) {
  if (typeof value === "object" && value !== null) return <Members value={value} depth={depth} name={name} />;
  return (
    <div className="json-line">
      <Name name={name} />
      <Scalar value={value} />
    </div>
  );
}

function Members({
  value,
  depth,
  name,
}: {
  readonly value: object;
  readonly depth: number;
  readonly name: string | undefined;
}) {
  const [shown, setShown] = useState(shownAtFirst);
  const [isOpen, setOpen] = useState(depth < openDepth);
  const isArray = Array.isArray(value);
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  const [left, right] = isArray ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) {
    return (
      <div className="json-line">
        <Name name={name} />
        {left}
        {right}
      </div>
    );
  }
  const count = `${members.length} ${isArray ? "item" : "member"}${members.length === 1 ? "" : "s"}`;
  return (
    <details
      className="json-members"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <Name name={name} />
        {left}
        <span className="json-count">{isOpen ? "" : ` ${count} `}</span>
        {isOpen ? "" : right}
      </summary>
      {isOpen ? (
        <div className="json-inside">
          {members.slice(0, shown).map(([key, member]) => (
            <Value key={key} value={member} depth={depth + 1} name={isArray ? key : JSON.stringify(key)} />
          ))}
          {members.length > shown ? (
            <button type="button" className="json-more" onClick={() => setShown(shown + 1_000)}>
              {members.length - shown} more
            </button>
          ) : null}
        </div>
      ) : null}
      {isOpen ? <div>{right}</div> : null}
    </details>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : <span className="json-name">{name}: </span>;
}

function Scalar({ value }: { readonly value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string")
    return <span className={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
  const isCut = !isWhole && value.length > maxStringLength;
  return (
    <>
      <span className="json-string">{JSON.stringify(isCut ? value.slice(0, maxStringLength) : value)}</span>
      {isCut ? (
        <button type="button" className="json-more" onClick={() => setWhole(true)}>
          {value.length - maxStringLength} more characters
        </button>
      ) : null}
    </>
  );
}
