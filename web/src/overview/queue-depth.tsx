import type { Queue } from "#client";
import { Link } from "wouter";
import { QueueState } from "../queues/queue-state.tsx";
import { nameOf } from "../queues/queue-text.ts";
import { number } from "./figures-text.ts";
import { Panel, shownItems } from "./panel.tsx";

/** The queues with the most waiting executions, and those that are stopped. */
export function QueueDepth({ queues }: { readonly queues: readonly Queue[] }) {
  const shown = queues
    .filter(({ queued, paused }) => queued > 0 || paused !== undefined)
    .toSorted((one, other) => other.queued - one.queued);
  return (
    <Panel title="Queues" href="/queues" empty="Nothing is queued." count={shown.length}>
      {shown.slice(0, shownItems).map((queue) => (
        <li key={queue.id} className="overview-item">
          <span className="row">
            <Link href={`/queues/${encodeURIComponent(queue.id)}`}>{nameOf(queue.id).name}</Link>
            <QueueState queue={queue} />
          </span>
          <span className="faint nowrap overview-when">
            {number(queue.queued)} queued, {number(queue.running)} running
          </span>
        </li>
      ))}
    </Panel>
  );
}
