import type { LogLine } from "#client";
import { useState } from "react";
import { formatClock } from "../time/moment.tsx";
import "./logs.css";

type Level = LogLine["level"];

const levels: readonly Level[] = ["debug", "info", "warn", "error"];

/** One line of the console, of an execution or of a preview. */
export interface ShownLine extends Omit<LogLine, "arguments"> {
  readonly arguments: readonly unknown[];
}

/** What a workflow wrote to its console, of the levels that are chosen. */
export function Logs({
  lines,
  isLive = false,
}: {
  readonly lines: readonly ShownLine[];
  readonly isLive?: boolean;
}) {
  const [hidden, setHidden] = useState<ReadonlySet<Level>>(new Set());
  const shown = lines.filter(({ level }) => !hidden.has(level));
  if (lines.length === 0) {
    return (
      <p className="soft">
        {isLive ? "No lines yet" : "No lines"}: what the workflow writes with <code>console.log</code> is
        shown here.
      </p>
    );
  }
  return (
    <div className="logs">
      <fieldset className="logs-levels">
        <legend className="visually-hidden">Levels</legend>
        {levels.map((level) => (
          <label key={level} className="logs-level">
            <input
              type="checkbox"
              checked={!hidden.has(level)}
              onChange={() => setHidden(hidden.symmetricDifference(new Set([level])))}
            />
            {level} <span className="faint">{lines.filter((line) => line.level === level).length}</span>
          </label>
        ))}
      </fieldset>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className="logs-lines" role="log" aria-label="Console" aria-live="off" tabIndex={0}>
        {shown.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </div>
    </div>
  );
}

function Line({ line }: { readonly line: ShownLine }) {
  return (
    <div className="logs-line" data-level={line.level}>
      <time dateTime={line.time}>{formatClock(line.time)}</time>
      <span className="logs-word">{line.level}</span>
      <span className="logs-text">{line.arguments.map(textOf).join(" ")}</span>
    </div>
  );
}

function textOf(argument: unknown): string {
  return typeof argument === "string" ? argument : JSON.stringify(argument);
}
