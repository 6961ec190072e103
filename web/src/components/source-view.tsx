import { useLayoutEffect, useRef, useState } from "react";
import { isLibrary } from "../model/package-files.ts";
import "./source-view.css";

/** A line of a file. Counts from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** What a line is: where something happens, what called it, or what else is in progress. */
export type LineKind = "here" | "caller" | "other";

/** A button beside a line. */
export interface LineMark {
  readonly text: string;
  /** What the button does. */
  readonly label: string;
  readonly onClick: () => void;
}

/** Lines before and after the shown one in a long file. */
const around = 1_000;

/** Files of a workflow, one at a time, with marked lines. The shown line is scrolled into view. */
export function SourceView({
  files,
  shown,
  kindOf,
  markOf,
}: {
  readonly files: Readonly<Record<string, string>>;
  readonly shown: SourceLine;
  readonly kindOf: (place: SourceLine) => LineKind | undefined;
  readonly markOf: (place: SourceLine) => LineMark | undefined;
}) {
  // Holds until another line is shown.
  const [chosen, setChosen] = useState({ file: shown.file, instead: shown });
  const file = chosen.instead === shown ? chosen.file : shown.file;
  const names = Object.keys(files).filter((name) => name === file || isOwnSource(name));
  return (
    <div className="source">
      {names.length < 2 ? null : (
        <div className="source-files" role="group" aria-label="Files">
          {names.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === file}
              onClick={() => setChosen({ file: name, instead: shown })}
            >
              {name}
            </button>
          ))}
        </div>
      )}
      <Lines
        key={file}
        file={file}
        text={files[file] ?? ""}
        line={file === shown.file ? shown.line : 1}
        kindOf={kindOf}
        markOf={markOf}
      />
    </div>
  );
}

/** Files of packages are shown only where an execution is in them. */
function isOwnSource(name: string): boolean {
  return !isLibrary(name) && /\.(?:[cm]?[jt]sx?|py)$/.test(name);
}

function Lines({
  file,
  text,
  line,
  kindOf,
  markOf,
}: SourceLine & {
  readonly text: string;
  readonly kindOf: (place: SourceLine) => LineKind | undefined;
  readonly markOf: (place: SourceLine) => LineMark | undefined;
}) {
  const box = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const row = box.current?.querySelector<HTMLElement>(`[data-line="${line}"]`);
    if (box.current === null || row === null || row === undefined) return;
    // Scrolls the area and not the page.
    box.current.scrollTop = row.offsetTop - (box.current.clientHeight - row.offsetHeight) / 2;
  }, [line]);
  const first = Math.max(1, line - around);
  const lines = text.split("\n").slice(first - 1, line + around);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
    <pre ref={box} className="source-lines" tabIndex={0} aria-label={`${file}, line ${line}`}>
      {lines.map((content, place) => (
        <Line
          key={first + place}
          at={{ file, line: first + place }}
          text={content}
          kindOf={kindOf}
          markOf={markOf}
        />
      ))}
    </pre>
  );
}

function Line({
  at,
  text,
  kindOf,
  markOf,
}: {
  readonly at: SourceLine;
  readonly text: string;
  readonly kindOf: (place: SourceLine) => LineKind | undefined;
  readonly markOf: (place: SourceLine) => LineMark | undefined;
}) {
  const kind = kindOf(at);
  const mark = markOf(at);
  return (
    <span
      className="source-line"
      data-line={at.line}
      data-kind={kind}
      aria-current={kind === "here" ? "location" : undefined}
    >
      <span className="source-mark">
        {mark === undefined ? null : (
          <button type="button" title={mark.label} aria-label={mark.label} onClick={mark.onClick}>
            {mark.text}
          </button>
        )}
      </span>
      <span className="source-number" aria-hidden>
        {at.line}
      </span>
      <span className="source-text">{text === "" ? " " : text}</span>
    </span>
  );
}
