import { Link } from "wouter";
import { Badge } from "../components/badge.tsx";
import type { BadgeKind } from "../components/badge.tsx";
import { Status } from "../components/status.tsx";
import { Table } from "../components/table.tsx";
import { shortId } from "../executions/short-id.ts";
import { viewerZone, zonedText } from "../time/zoned.ts";
import type { RecentRun } from "./schedule.ts";

const kinds: Readonly<Record<RecentRun["outcome"], BadgeKind>> = {
  started: "busy",
  skipped: "idle",
  buffered: "wait",
};

/** The last runs of a schedule with their outcomes, newest first. */
export function RecentRuns({
  recent,
  timeZone,
}: {
  readonly recent: readonly RecentRun[];
  readonly timeZone: string;
}) {
  if (recent.length === 0) return <p className="soft">No runs yet.</p>;
  const isSame = timeZone === viewerZone;
  const times = isSame ? ["Scheduled"] : ["Scheduled", "Your time"];
  const runs = recent.toSorted((one, other) => Date.parse(other.scheduledAt) - Date.parse(one.scheduledAt));
  return (
    <Table label="Recent runs" dense columns={[...times, "Outcome", "Reason", "Execution"]}>
      {runs.map(({ scheduledAt, outcome, reason, status, executionId }) => (
        <tr key={`${scheduledAt} ${executionId}`}>
          <th scope="row" className="nowrap">
            {zonedText(scheduledAt, timeZone)}
          </th>
          {isSame ? null : <td className="soft nowrap">{zonedText(scheduledAt, viewerZone)}</td>}
          <td>
            {status === undefined ? (
              <Badge kind={kinds[outcome]}>{outcome}</Badge>
            ) : (
              <Status status={status} />
            )}
          </td>
          <td className="soft">{reason}</td>
          <td>
            {executionId === undefined ? null : (
              <Link href={`/executions/${executionId}`} className="mono">
                {shortId(executionId)}
              </Link>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
