import type { Overview } from "#client";
import { Link } from "wouter";
import { formatRelative } from "../time/moment.tsx";
import { viewerZone, zonedText } from "../time/zoned.ts";
import { Panel, shownItems } from "./panel.tsx";

/** The schedules that run next. */
export function NextSchedules({
  schedules,
  now,
}: {
  readonly schedules: Overview["schedules"];
  readonly now: number;
}) {
  return (
    <Panel
      title="Next schedules"
      href="/schedules"
      empty={
        <>
          Nothing is scheduled. <Link href="/schedules/new">New schedule</Link>
        </>
      }
      count={schedules.length}
    >
      {schedules.slice(0, shownItems).map(({ id, workflowId, at }) => (
        <li key={id} className="overview-item">
          <span className="row">
            <Link href={`/schedules/${id}`}>{id}</Link>
            <span className="faint">{workflowId}</span>
          </span>
          <time className="faint nowrap overview-when" dateTime={at} title={zonedText(at, viewerZone)}>
            {formatRelative(now - Date.parse(at))}
          </time>
        </li>
      ))}
    </Panel>
  );
}
