import type { LogLine } from "#client";
import { useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { consoleText } from "#base/console-text.ts";
import { saveAsFile } from "../save-as-file.ts";
import { formatPreciseClock } from "../time/moment.tsx";
import { Button } from "./button.tsx";
import "./logs.css";

type Level = LogLine["level"];

const levels: readonly Level[] = ["debug", "info", "warn", "error"];

/** One line of the console, of an execution or of a preview. */
export interface ShownLine extends Omit<LogLine, "arguments"> {
  readonly arguments: readonly unknown[];
}

/**
 * Console output of the selected levels. While lines may be added, the last line stays in view until the user scrolls up.
 */
export function Logs({
  lines,
  isLive = false,
}: {
  readonly lines: readonly ShownLine[];
  readonly isLive?: boolean;
}) {
  const [hidden, setHidden] = useState<ReadonlySet<Level>>(new Set());
  const [search, setSearch] = useState("");
  const { box, onScroll } = useFollowedEnd(isLive);
  const wanted = search.trim().toLowerCase();
  const shown = lines.filter(
    (line) => !hidden.has(line.level) && (wanted === "" || textOf(line).toLowerCase().includes(wanted)),
  );
  if (lines.length === 0) {
    return (
      <p className="soft">
        {isLive ? "No console output yet" : "No console output"}. Output of <code>console.log</code> appears
        here.
      </p>
    );
  }
  return (
    <div className="logs">
      <div className="logs-tools">
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
        <input
          className="input logs-search"
          type="search"
          aria-label="Search console output"
          placeholder="Search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <Button size="small" onClick={() => saveAsFile("console.log", new Blob([fileOf(lines)]))}>
          Download
        </Button>
      </div>
      <div
        ref={box}
        className="logs-lines"
        role="log"
        aria-label="Console"
        aria-live="off"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scroll areas must be focusable
        tabIndex={0}
        onScroll={onScroll}
      >
        {shown.length === 0 ? <p className="logs-none">No matching lines</p> : null}
        {shown.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </div>
    </div>
  );
}

/** Keeps the end of a box in view while it grows, unless the user has scrolled up. */
function useFollowedEnd(isLive: boolean): {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
} {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (isLive && isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = () => {
    if (box.current === null) return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPx;
  };
  return { box, onScroll };
}

/** About a line, because the heights of lines out of view are estimates. */
const nearEndPx = 30;

export function Line({ line }: { readonly line: ShownLine }) {
  return (
    <div className="logs-line" data-level={line.level}>
      <time dateTime={line.time}>{formatPreciseClock(line.time)}</time>
      <span className="logs-word">{line.level}</span>
      <span className="logs-text">{textOf(line)}</span>
    </div>
  );
}

function textOf(line: ShownLine): string {
  return consoleText(line.arguments);
}

function fileOf(lines: readonly ShownLine[]): string {
  return lines.map((line) => `${line.time} ${line.level} ${textOf(line)}\n`).join("");
}
