import { Table } from "../components/table.tsx";
import { formatRelative } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { viewerZone, zonedText } from "../time/zoned.ts";
import type { NextRun, RecentRun } from "./schedule.ts";
import { RunStrip } from "./strip.tsx";

/** The next runs on a strip and as a list, in the schedule's time zone and in the viewer's. */
export function NextRuns({
  next,
  recent = [],
  timeZone,
}: {
  readonly next: readonly NextRun[];
  readonly recent?: readonly RecentRun[];
  readonly timeZone: string;
}) {
  const now = useNow();
  if (next.length === 0) return <p className="soft">No further runs.</p>;
  const isSame = timeZone === viewerZone;
  const zones = isSame ? [timeZone] : [timeZone, `Your time, ${viewerZone}`];
  const hasNotes = next.some(({ note }) => note !== undefined);
  return (
    <>
      <RunStrip next={next} recent={recent} timeZone={timeZone} now={now} />
      <Table label="Next runs" dense columns={[...zones, "Starts", ...(hasNotes ? ["Note"] : [])]}>
        {next.map(({ at, note }) => (
          <tr key={at}>
            <th scope="row" className="nowrap">
              {zonedText(at, timeZone)}
            </th>
            {isSame ? null : <td className="nowrap">{zonedText(at, viewerZone)}</td>}
            <td className="soft nowrap">{formatRelative(now - Date.parse(at))}</td>
            {hasNotes ? <td className="soft">{note}</td> : null}
          </tr>
        ))}
      </Table>
    </>
  );
}
