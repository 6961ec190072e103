import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import { versionQuery } from "../../model/versions-api.ts";
import { SourceDiff } from "./source-diff.tsx";

/** A comparison of two versions. */
export function Comparison({
  workflowId,
  numbers,
  from,
  to,
  onChoose,
}: {
  readonly workflowId: string;
  /** The versions to choose from, newest first. */
  readonly numbers: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly onChoose: (chosen: { readonly from: number; readonly to: number }) => void;
}) {
  const before = useQuery(versionQuery(workflowId, from));
  const after = useQuery(versionQuery(workflowId, to));
  const error = before.error ?? after.error;
  return (
    <div className="stack">
      {numbers.length === 1 ? null : (
        <div className="row">
          <VersionSelect
            label="From version"
            numbers={numbers}
            value={from}
            onChange={(n) => onChoose({ from: n, to })}
          />
          <VersionSelect
            label="to version"
            numbers={numbers}
            value={to}
            onChange={(n) => onChoose({ from, to: n })}
          />
        </div>
      )}
      {error === null ? null : <Problem error={error} />}
      {before.data === undefined || after.data === undefined ? (
        error === null ? (
          <Loading what="sources" />
        ) : null
      ) : (
        <SourceDiff
          before={from === to ? nothing : before.data.source}
          after={after.data.source}
          beforeName={from === to ? "nothing" : `version ${from}`}
          afterName={`version ${to}`}
        />
      )}
    </div>
  );
}

/** The empty source that a single version is compared with, so that all of it is shown. */
const nothing = { files: {}, entry: "" };

function VersionSelect({
  label,
  numbers,
  value,
  onChange,
}: {
  readonly label: string;
  readonly numbers: readonly number[];
  readonly value: number;
  readonly onChange: (version: number) => void;
}) {
  const id = useId();
  return (
    <div className="row version-select">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={value}
        onChange={({ target }) => onChange(Number(target.value))}
      >
        {[...new Set([...numbers, value])].map((number) => (
          <option key={number} value={number}>
            {number}
          </option>
        ))}
      </select>
    </div>
  );
}
