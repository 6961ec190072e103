import type { Overview as Figures } from "#client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { count } from "../model/plural.ts";
import { durationOf, number, percent } from "./figures-text.ts";

/** The figures of the window, and what is going on now. Each leads to the list behind it. */
export function Tiles({ figures }: { readonly figures: Figures }) {
  const { runs, current, queues, waiting } = figures;
  const ended = runs.completed + runs.failed + runs.cancelled;
  const stuck = current.retrying + current.paused;
  return (
    <div className="tiles">
      <Tile label="Runs" href="/executions" note={`${number(runs.completed)} completed`}>
        {number(ended)}
      </Tile>
      <Tile
        label="Failure rate"
        href="/failures"
        note={`${number(runs.failed)} failed`}
        isBad={runs.failed > 0}
      >
        {runs.failureRate === null ? "–" : percent(runs.failureRate)}
      </Tile>
      <Tile label="Duration p50" note={`p95 ${durationOf(runs.p95Ms)}`}>
        {durationOf(runs.p50Ms)}
      </Tile>
      <Tile label="Running" href="/executions?status=running" note={`${number(current.suspended)} suspended`}>
        {number(current.running)}
      </Tile>
      <Tile
        label="Queued"
        href="/queues"
        note={current.scheduled === 0 ? "held back by limits" : `${number(current.scheduled)} scheduled`}
      >
        {number(queues.queued)}
      </Tile>
      <Tile
        label="Retrying or paused"
        href={current.paused > 0 ? "/executions?status=paused" : "/executions?status=retrying"}
        note={`${number(current.paused)} paused`}
        isBad={stuck > 0}
      >
        {number(stuck)}
      </Tile>
      <Tile
        label="Waiting on people"
        href="/executions?status=suspended"
        note={`${count(waiting.callbacks, "callback")}, ${count(waiting.events, "event")}`}
      >
        {number(waiting.callbacks + waiting.events)}
      </Tile>
    </div>
  );
}

function Tile({
  label,
  href,
  note,
  isBad = false,
  children,
}: {
  readonly label: string;
  readonly href?: string;
  readonly note: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}) {
  const content = (
    <>
      <span className="tile-label">{label}</span>
      <span className="tile-value">{children}</span>
      <span className="tile-note">{note}</span>
    </>
  );
  if (href === undefined) return <div className="tile">{content}</div>;
  return (
    <Link href={href} className="tile" data-bad={isBad || undefined}>
      {content}
    </Link>
  );
}
