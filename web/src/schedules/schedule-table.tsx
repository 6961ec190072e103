import type { Schedule } from "#client";
import { Link } from "wouter";
import { Table } from "../components/table.tsx";
import { formatRelative } from "../time/moment.tsx";
import { viewerZone, zonedText } from "../time/zoned.ts";
import { OutcomeBars } from "./outcome-bars.tsx";
import { ScheduleState } from "./schedule-state.tsx";
import { specText } from "./spec-text.ts";

/** Schedules with their next run and their last outcomes. A click in a row opens the schedule. */
export function ScheduleTable({
  schedules,
  now,
}: {
  readonly schedules: readonly Schedule[];
  readonly now: number;
}) {
  return (
    <Table
      label="Schedules"
      dense
      columns={["Schedule", "Workflow", "Runs", "State", "Next run", "Last outcomes", "Missed"]}
    >
      {schedules.map((schedule) => (
        <ScheduleRow key={schedule.id} schedule={schedule} now={now} />
      ))}
    </Table>
  );
}

function ScheduleRow({ schedule, now }: { readonly schedule: Schedule; readonly now: number }) {
  const { id, workflowId, entryPoint, spec, info } = schedule;
  const [next] = info.next;
  return (
    <tr>
      <th scope="row">
        <Link href={`/schedules/${id}`} className="execution-link">
          {id}
        </Link>
      </th>
      <td>
        {workflowId}
        {entryPoint === undefined ? null : <span className="mono faint"> {entryPoint}</span>}
      </td>
      <td title={spec.cron?.join("\n")}>
        <span>
          {specText(spec)}
          {spec.cron === undefined ? null : <span className="faint"> {spec.timeZone ?? "UTC"}</span>}
        </span>
      </td>
      <td>
        <ScheduleState schedule={schedule} />
      </td>
      <td className="soft">
        {next === undefined || schedule.paused !== undefined ? null : (
          <time dateTime={next.at} title={zonedText(next.at, viewerZone)} className="nowrap">
            {formatRelative(now - Date.parse(next.at))}
          </time>
        )}
      </td>
      <td>
        <OutcomeBars recent={info.recent} />
      </td>
      <td className={info.missed > 0 ? "bad" : "soft"}>{info.missed > 0 ? info.missed : ""}</td>
    </tr>
  );
}
